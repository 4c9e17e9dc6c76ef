using System.Reflection;
using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>The rules of the house, as far as a machine can see to them.</summary>
public sealed partial class HouseRulesTests
{
    /// <summary>What scripts have in common, which takes the place of a line of theirs.</summary>
    private const string Prelude = "prelude";

    /// <summary>A name that stands for a key is one because it was given an entry of KEYS, be it as a variable, or as a parameter by every call of its function; or another such name.</summary>
    private static bool IsFromKeys(string script, string key, HashSet<string> seen)
    {
        if (key.StartsWith("KEYS[", StringComparison.Ordinal) || !seen.Add(key))
        {
            return true;
        }

        var assigned = Matches(script, @"^ *(?:local )?(?<names>[\w, ]*\b" + Regex.Escape(key) + @"\b[\w, ]*) = (?<values>[^\n]+)$")
            .Select(match => (Names: Words(match.Groups["names"].Value), Values: Words(match.Groups["values"].Value)))
            .Where(assignment => assignment.Names.Contains(key, StringComparer.Ordinal))
            .Select(assignment => assignment.Values.ElementAtOrDefault(assignment.Names.IndexOf(key)))
            .ToList();
        var given = Matches(script, @"local function (?<name>\w+)\((?<parameters>[^)]*\b" + Regex.Escape(key) + @"\b[^)]*)\)").SelectMany(function =>
        {
            var at = Words(function.Groups["parameters"].Value).IndexOf(key);
            return Matches(script, @"(?<!function )\b(?:attempt\()?" + function.Groups["name"].Value + @"[(,] ?(?<arguments>[^)]*)\)")
                .Select(use => Words(use.Groups["arguments"].Value).ElementAtOrDefault(at));
        }).ToList();
        return assigned.Count + given.Count > 0 && assigned.Concat(given).All(name => name is not null && IsFromKeys(script, name, seen));
    }

    private static List<Match> Matches(string script, string pattern) => Regex.Matches(script, pattern, RegexOptions.Multiline, TimeSpan.FromSeconds(1)).ToList();

    private static List<string> Words(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries)];

    private static readonly Assembly Redis = typeof(RedisSessionStore).Assembly;

    private static readonly Type[] PublicTypes = [.. typeof(ISessionStore).Assembly.GetExportedTypes(), .. Redis.GetExportedTypes(), .. typeof(SqliteSessionStore).Assembly.GetExportedTypes(), .. typeof(SessionStoreConformance).Assembly.GetExportedTypes()];

    private static readonly string Source = Path.Combine(Repository.Root, "src");

    private static readonly string[] Scripts = Directory.GetFiles(Path.Combine(Source, "Shadowcat.Sessions.Redis", "Scripts"), "*.lua");

    [Fact]
    public void PublicTypes_AreNotMadeToDeriveFrom()
    {
        Assert.True(PublicTypes.Length > 30);
        Assert.All(PublicTypes, type => Assert.True(
            type.IsSealed || type.IsAbstract || type.IsInterface || type.IsEnum || type == typeof(SessionStoreException), $"{type} is neither sealed nor abstract."));
    }

    [Fact]
    public void PublicTypes_LiveInTheRootNamespace()
    {
        Assert.All(PublicTypes, type => Assert.Equal(
            type.IsAbstract && type.IsSealed && type.Name.Contains("Builder", StringComparison.Ordinal) || type.Name.Contains("ServiceCollection", StringComparison.Ordinal)
                ? "Microsoft.Extensions.DependencyInjection"
                : type.Assembly.GetName().Name,
            type.Namespace));
    }

    /// <summary>Stores and decorators run <see cref="DisposalConformance"/>; a recorder has a test of its own; an embedded server has no member but its address.</summary>
    [Fact]
    public void PublicTypes_ThatCanBeDisposedOf_AreThoseWhoseUseAfterwardsIsTested() => Assert.Equal(
        [nameof(BufferedSessionStore), nameof(CachedSessionStore), "EmbeddedGarnet", nameof(RedisSessionStore), "SessionRecorder"],
        new[] { typeof(ISessionStore), typeof(RedisSessionStore), typeof(ProtectedSessionStore), typeof(Shadowcat.Sessions.Garnet.EmbeddedGarnet), typeof(Shadowcat.Sessions.Mcp.SessionRecorder) }
            .SelectMany(static type => type.Assembly.GetExportedTypes())
            .Where(static type => type.IsAssignableTo(typeof(IDisposable)) || type.IsAssignableTo(typeof(IAsyncDisposable)))
            .Select(static type => type.Name)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void PublicExceptions_HaveOneRoot()
    {
        var exceptions = PublicTypes.Where(type => type.IsAssignableTo(typeof(Exception))).ToList();

        Assert.True(exceptions.Count >= 8);
        Assert.All(exceptions, type => Assert.True(type.IsAssignableTo(typeof(SessionStoreException)), $"{type} is no {nameof(SessionStoreException)}."));
    }

    [Fact]
    public void Scripts_AreEmbeddedAndUsed()
    {
        Assert.True(Scripts.Length >= 8);
        var code = string.Concat(SourceFiles("*.cs", "Shadowcat.Sessions.Redis").Select(File.ReadAllText));
        foreach (var script in Scripts.Select(path => Path.GetFileNameWithoutExtension(path)))
        {
            Assert.NotNull(Redis.GetManifestResourceInfo($"Shadowcat.Sessions.Redis.Scripts.{script}.lua"));
            Assert.True(
                script == Prelude ? Scripts.Any(path => File.ReadAllText(path).Contains($"-- {Prelude}.lua\n", StringComparison.Ordinal)) : code.Contains($"new(\"{script}\"", StringComparison.Ordinal),
                $"nobody uses {script}");
        }
    }

    [Fact]
    public void Scripts_SayAtTheirHeadWhatTheyTakeAndReturn()
    {
        Assert.All(Scripts.Where(path => Path.GetFileNameWithoutExtension(path) != Prelude), path =>
        {
            var head = string.Join('\n', File.ReadLines(path).TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)));
            Assert.True(head.Contains("KEYS", StringComparison.Ordinal) && head.Contains("ARGV", StringComparison.Ordinal) && head.Contains("Returns", StringComparison.Ordinal), path);
        });
    }

    [Fact]
    public void Scripts_NameEveryKeyByKEYS()
    {
        foreach (var path in Scripts.Where(path => Path.GetFileNameWithoutExtension(path) != Prelude))
        {
            var own = Comment().Replace(File.ReadAllText(path), "");
            var script = Comment().Replace(RedisScript.Load(Path.GetFileNameWithoutExtension(path)), "");
            var calls = Call().Matches(own);
            Assert.NotEmpty(calls);

            // What the prelude does with a key is done with what it is given: by those of its functions that the script uses.
            var used = Call().Matches(script).Where(call => own.Contains(call.Value, StringComparison.Ordinal) || IsReached(script, own, call));
            foreach (var key in used.Select(call => call.Groups["key"].Value.Trim()).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal))
            {
                Assert.True(IsFromKeys(script, key, []), $"{Path.GetFileName(path)} uses the key '{key}', which is not from KEYS.");
            }
        }
    }

    [Fact]
    public void SourceFiles_HaveAtMost400Lines()
    {
        var files = SourceFiles("*.cs").Concat(SourceFiles("*.lua")).ToList();

        Assert.True(files.Count > 60);
        Assert.All(files, path => Assert.True(File.ReadLines(path).Count() <= 400, $"{Path.GetFileName(path)} is longer than 400 lines."));
    }

    [Fact]
    public void Libraries_GoOnInNoCallersContext()
    {
        var files = SourceFiles("*.cs").ToList();

        // What goes on in the context of its caller never does where that blocks the context's only thread, waiting for it. (That every await says so is CA2007's part.)
        Assert.True(files.Count > 60);
        foreach (var banned in new[] { "Task.Yield", "ConfigureAwait(true)", "ContinueOnCapturedContext", "FromCurrentSynchronizationContext", "new Progress<" })
        {
            Assert.All(files, path => Assert.DoesNotContain(banned, File.ReadAllText(path), StringComparison.Ordinal));
        }

        Assert.Contains("M:System.Threading.Tasks.Task.Yield;", File.ReadAllText(Path.Combine(Repository.Root, "src", "BannedSymbols.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void Sqlite_IsWrittenOnThePublicApi()
    {
        Assert.DoesNotContain(
            typeof(ISessionStore).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>(),
            attribute => attribute.AssemblyName == typeof(SqliteSessionStore).Assembly.GetName().Name);
        Assert.All(SourceFiles("*.cs", "Shadowcat.Sessions.Sqlite"), path => Assert.DoesNotContain("Redis", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public void MemoryAndRedis_DoNotKnowEachOther()
    {
        Assert.All(SourceFiles("*.cs", Path.Combine("Shadowcat.Sessions", "Memory")), path => Assert.DoesNotContain("Redis", File.ReadAllText(path), StringComparison.Ordinal));
        Assert.All(SourceFiles("*.cs", "Shadowcat.Sessions.Redis"), path => Assert.DoesNotContain("InMemory", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_AreBuiltInOneFolder()
    {
        Assert.All(
            SourceFiles("*.cs", "Shadowcat.Sessions").Concat(SourceFiles("*.cs", "Shadowcat.Sessions.Redis")).Where(path => Path.GetFileName(path) is not ("RedisPartition.cs" or "RedisLayout.cs")),
            path => Assert.DoesNotMatch("[$]\"[{]{2}", File.ReadAllText(path)));
    }

    /// <summary>Whether a call of the prelude is in a function that the script itself uses.</summary>
    private static bool IsReached(string script, string own, Match call) =>
        Matches(script[..call.Index], @"local function (?<name>\w+)\(") is [.., var function] && own.Contains(function.Groups["name"].Value + "(", StringComparison.Ordinal);

    private static IEnumerable<string> SourceFiles(string pattern, string folder = "") =>
        Directory.EnumerateFiles(Path.Combine(Source, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !path[Source.Length..].Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex("--[^\n]*", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    /// <summary>A command with its first argument, up to the comma or parenthesis behind it.</summary>
    [GeneratedRegex(@"(?:\bp?call\(|\b(?:write|change)\([^\n]*?[}\w], )'(?!TIME'|PUBLISH')[A-Z]+'\s*,\s*(?<key>KEYS\[[^\]]*\]|\w+)", RegexOptions.None, 1000)]
    private static partial Regex Call();
}
