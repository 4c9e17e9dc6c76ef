using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>A source file of a project, as far as its types and those that it names are concerned. Comments, documentation and text are no references.</summary>
/// <remarks>Nor is the attribute that names the JSON converter of a type: it is how System.Text.Json finds one from the type alone, the code of the type does not use it, and a converter has to know its type.</remarks>
internal sealed partial class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path;
        var code = Converter().Replace(NotCode().Replace(text, static match => match.Value.StartsWith('$') ? string.Concat(Hole().Matches(match.Value)) : " "), " ");
        Declared = [.. Declaration().Matches(code).Select(static match => match.Groups["name"].Value)];
        Named = Name().Matches(code).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The path below the folder of the project, with slashes.</summary>
    public string Path { get; }

    /// <summary>The folder below that of the project; of a file that lies in the project's own folder, its name without the extension.</summary>
    public string Layer => System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder ? folder.Replace('\\', '/') : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The types that it declares.</summary>
    public IReadOnlyList<string> Declared { get; }

    /// <summary>Whatever may be the name of a type in it: capitalized, and no member of something else.</summary>
    public IReadOnlySet<string> Named { get; }

    public static IReadOnlyList<SourceFile> ReadAll(string project)
    {
        var root = System.IO.Path.Combine(Repository.Root, "src", project);
        return [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(static path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            .Select(path => new SourceFile(path, File.ReadAllText(System.IO.Path.Combine(root, path))))];
    }

    [GeneratedRegex("""
        //[^\n]*|/\*[\s\S]*?\*/|'(?:\\.|[^'\\\n])+'|\$*"{3}[\s\S]*?"{3}|@"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"
        """, RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"\[JsonConverter\(typeof\(\w+\)\)\]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Converter();

    /// <summary>Code within an interpolated text.</summary>
    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"^(?:public|internal|file)\b[\w ]*? (?:class|struct|interface|enum|record struct|record) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w+", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Name();
}
