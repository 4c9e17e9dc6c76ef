using System.Text;
using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Puts a module of the page, and all that it imports, into one script: a browser then asks once instead of once for each level of imports, and a page that was saved has no other file to ask for.</summary>
/// <remarks>The modules are written for it: each imports by lines of its own, exports declarations only, and no two have a name of the top level in common. So what is left without these words is one script.</remarks>
internal static partial class ModuleBundle
{
    /// <summary>The script, in order of dependency.</summary>
    /// <param name="root">The name of the module that is asked for.</param>
    /// <param name="read">Reads a module.</param>
    public static string Of(string root, Func<string, string> read)
    {
        var script = new StringBuilder();
        Append(script, root, read, []);
        return script.ToString();
    }

    /// <summary>The modules that a module imports.</summary>
    public static IEnumerable<string> ImportsOf(string module) => Import().Matches(module).Select(static match => match.Groups["name"].Value);

    private static void Append(StringBuilder script, string name, Func<string, string> read, HashSet<string> seen)
    {
        if (!seen.Add(name))
        {
            return;
        }

        var module = read(name).ReplaceLineEndings("\n");
        foreach (var imported in ImportsOf(module))
        {
            Append(script, imported, read, seen);
        }

        script.Append(Export().Replace(Import().Replace(module, ""), "")).Append('\n');
    }

    [GeneratedRegex("""^import (?:\{[^}\n]*\} from )?"\./(?<name>[\w./-]+)";[^\S\n]*\n""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Import();

    [GeneratedRegex("^export (?=(?:async )?function|class|const|let)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Export();
}
