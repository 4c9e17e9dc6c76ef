using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>The program that is compiled to native code (tests/Shadowcat.Sessions.Aot) calls all that is public: what it does not call may fail there, unseen.</summary>
/// <remarks>
/// It is judged by what was compiled: the methods that the program names, and those of its own that the library calls. What the compiler writes by itself counts as called: the accessors of a property that is
/// a field, and the members of records. So do the members of every object, such as <c>ToString</c>, which whatever prints, compares or hashes calls.
/// </remarks>
public sealed class NativeCallsTests
{
    /// <summary>A method, whatever its type arguments.</summary>
    private readonly record struct Definition(Module Module, int Token);

    private static readonly Assembly[] Program = [Assembly.Load("Shadowcat.Sessions.Aot"), typeof(Shadowcat.Sessions.FileStore.FileSessionStore).Assembly];

    private static readonly Assembly[] Packages =
        [typeof(ISessionStore).Assembly, typeof(RedisSessionStore).Assembly, typeof(SqliteSessionStore).Assembly, typeof(Shadowcat.Sessions.Mcp.SessionRecorder).Assembly];

    [Fact]
    public void Program_OfNativeCode_CallsEverythingPublic()
    {
        HashSet<Definition> called = [.. Program.SelectMany(Named), .. Program.SelectMany(CalledByTheLibrary)];
        var members = Packages.SelectMany(static package => package.GetExportedTypes()).SelectMany(Members).ToList();

        Assert.True(members.Count > 300);
        Assert.Empty(members
            .Where(member => !Called(member).Any(called.Contains))
            .Select(static member => $"{member.DeclaringType!.Name}.{member.Name}({string.Join(", ", member.GetParameters().Select(static parameter => parameter.ParameterType.Name))})"));
    }

    /// <summary>What a type has that runs code of its own.</summary>
    private static IEnumerable<MethodBase> Members(Type type) => type
        .GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .OfType<MethodBase>()
        .Where(static method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        .Where(static method => !method.IsDefined(typeof(CompilerGeneratedAttribute)))
        .Where(static method => method is not MethodInfo info || info.GetBaseDefinition().DeclaringType != typeof(object));

    /// <summary>A member, and what it is called by: the members that it overrides, and those of interfaces that it implements.</summary>
    private static IEnumerable<Definition> Called(MethodBase member)
    {
        yield return DefinitionOf(member);
        if (member is not MethodInfo { IsVirtual: true } method || method.DeclaringType!.IsInterface)
        {
            yield break;
        }

        yield return DefinitionOf(method.GetBaseDefinition());
        foreach (var map in method.DeclaringType.GetInterfaces().Select(method.DeclaringType.GetInterfaceMap))
        {
            if (Array.IndexOf(map.TargetMethods, method) is var at and >= 0)
            {
                yield return DefinitionOf(map.InterfaceMethods[at]);
            }
        }
    }

    /// <summary>The methods of other assemblies that the code of an assembly names.</summary>
    private static List<Definition> Named(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.MemberReferences
            .Where(handle => metadata.GetMemberReference(handle) is var member && member.GetKind() == MemberReferenceKind.Method && IsOfAnotherAssembly(metadata, member.Parent))
            .Select(handle => DefinitionOf(assembly.ManifestModule.ResolveMethod(MetadataTokens.GetToken(handle))!))];
    }

    /// <summary>Whether a type is one of another assembly; of generic ones, one of the library.</summary>
    private static bool IsOfAnotherAssembly(MetadataReader metadata, EntityHandle type)
    {
        if (type.Kind != HandleKind.TypeSpecification)
        {
            return type.Kind == HandleKind.TypeReference;
        }

        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return false;
        }

        signature.ReadCompressedInteger(); // whether it is a class or a struct
        return signature.ReadTypeHandle() is { Kind: HandleKind.TypeReference } definition
            && metadata.GetTypeReference((TypeReferenceHandle)definition) is { ResolutionScope.Kind: HandleKind.AssemblyReference } reference
            && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name).StartsWith("Shadowcat.", StringComparison.Ordinal);
    }

    /// <summary>The members of interfaces and base types of the library that an assembly implements: whoever takes its objects calls them.</summary>
    private static IEnumerable<Definition> CalledByTheLibrary(Assembly assembly) => assembly.GetTypes().Where(static type => type.IsClass).SelectMany(static type => type
        .GetInterfaces()
        .Select(type.GetInterfaceMap)
        .SelectMany(static map => map.InterfaceMethods.Zip(map.TargetMethods))
        .Where(pair => pair.Second?.DeclaringType == type)
        .Select(static pair => DefinitionOf(pair.First))
        .Concat(type
            .GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(static method => DefinitionOf(method.GetBaseDefinition()))));

    private static Definition DefinitionOf(MethodBase method) => new(method.Module, method.MetadataToken);
}
