using System.Reflection;

namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>No store escapes a suite.</summary>
public sealed class ConformanceTests
{
    private static readonly Type[] Suites = [.. TypesOf(typeof(ConformanceTests)).Where(type => type.IsAbstract && type.IsSubclassOf(typeof(StoreConformance)))];

    private static readonly Type[] Derivations = [.. TypesOf(typeof(ConformanceTests)).Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(StoreConformance)))];

    [Fact]
    public void EveryStore_RunsEverySuite()
    {
        Assert.True(Suites.Length >= 20, $"Only {Suites.Length} suites were found.");
        var stores = TypesOf(typeof(ISessionStore)).Concat(TypesOf(typeof(ProtectedSessionStore))).Concat(TypesOf(typeof(SqliteSessionStore))).Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISessionStore)));
        var missing = stores.Except(StoreStacks.All.Values).Select(store => $"{store} is in no entry of {nameof(StoreStacks)}").ToList();

        foreach (var (configuration, store) in StoreStacks.All)
        {
            var run = Derivations.Where(type => Mark(type) is { } mark && mark.StoreType == store && mark.Configuration == configuration).ToList();
            missing.AddRange(Suites.Where(suite => run.Count(type => type.IsSubclassOf(suite)) != (IsFor(suite, store) ? 1 : 0))
                .Select(suite => $"{configuration}: not as many derivations of {suite.Name} as there have to be"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void EveryDerivation_IsRunAndBelongsToAStack()
    {
        Assert.NotEmpty(Derivations);
        Assert.All(Derivations, type => Assert.True(type.IsVisible && type.GetConstructors().Length == 1, $"xUnit does not run {type}."));
        Assert.All(Derivations, type => Assert.True(
            Mark(type) is { } mark && StoreStacks.All.GetValueOrDefault(mark.Configuration) == mark.StoreType, $"{type} is in no class marked for an entry of {nameof(StoreStacks)}."));
    }

    [Fact]
    public void EverySuite_HasTests()
    {
        Assert.All(Suites, suite => Assert.Contains(suite.GetMethods(), method => method.GetCustomAttribute<FactAttribute>() is not null));
    }

    private static bool IsFor(Type suite, Type store) => suite.GetCustomAttribute<CapabilityAttribute>() is not { } capability || store.IsAssignableTo(capability.Type);

    private static Type[] TypesOf(Type any) => any.Assembly.GetTypes();

    private static StoreUnderTestAttribute? Mark(Type derivation) => derivation.DeclaringType?.GetCustomAttribute<StoreUnderTestAttribute>();
}
