using System.Text.Json;
using System.Xml.Linq;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>check</c>, <c>stats</c> and <c>diff</c> as people and scripts run them: exit codes, formats, widths.</summary>
public sealed class AnalysisCommandTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_ArchiveWithFaults_WritesEachFormatAndFails()
    {
        using var archive = await ArchiveAsync(Faulty());

        RecorderRun text = await RunAsync("check", archive.Path);
        RecorderRun json = await RunAsync("check", archive.Path, "--format", "json");
        RecorderRun junit = await RunAsync("check", archive.Path, "--format", "junit");
        RecorderRun sarif = await RunAsync("check", archive.Path, "--format", "sarif");

        Assert.All([text, json, junit, sarif], static run => Assert.Equal((1, ""), (run.ExitCode, run.Errors)));
        Assert.Contains("1 error, 1 warning, 0 notes", text.Text, StringComparison.Ordinal);
        using JsonDocument read = JsonDocument.Parse(json.Output);
        Assert.Equal("answer-without-request", read.RootElement.GetProperty("sessions")[0].GetProperty("findings")[0].GetProperty("rule").GetString());
        XElement suite = XDocument.Parse(junit.Text).Root!.Element("testsuite")!;
        Assert.Equal("answer-without-request", (string?)Assert.Single(suite.Elements("testcase"), static test => test.Element("failure") is not null).Attribute("name"));
        Assert.Contains("tool-error", (string?)suite.Element("system-out"), StringComparison.Ordinal);
        using JsonDocument log = JsonDocument.Parse(sarif.Output);
        JsonElement run = log.RootElement.GetProperty("runs")[0];
        JsonElement result = run.GetProperty("results")[0];
        Assert.Equal(result.GetProperty("ruleId").GetString(), run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
        int line = result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine").GetInt32();
        Assert.Contains("\"seq\":3,", (await File.ReadAllLinesAsync(archive.Path, Ct))[line - 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhatCountsAsAFault_IsChosen()
    {
        using var archive = await ArchiveAsync(Faulty());

        Assert.Equal(0, (await RunAsync("check", archive.Path, "--ignore", "answer-without-request")).ExitCode);
        Assert.Equal(1, (await RunAsync("check", archive.Path, "--ignore", "answer-without-request", "--fail-on", "warning")).ExitCode);
    }

    [Theory]
    [InlineData("check", "nowhere")]
    [InlineData("check")]
    [InlineData("check", "x", "--ignore", "no-such-rule")]
    [InlineData("check", "x", "--slow", "soon")]
    [InlineData("diff", "nowhere", "nowhere")]
    [InlineData("diff", "nowhere", "nowhere", "--ignore", "a..b")]
    [InlineData("diff", "nowhere")]
    public async Task CheckDiff_WhatCannotBeDone_IsNoVerdict(params string[] arguments)
    {
        RecorderRun run = await RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_FileThatIsNoArchive_IsNoVerdict()
    {
        using var file = new TemporaryFile();
        await File.WriteAllTextAsync(file.Path, "this is no archive\n", Ct);

        Assert.Equal(2, (await RunAsync("check", file.Path)).ExitCode);
    }

    [Fact]
    public async Task Diff_SessionAndArchive_ComparesThemAndLeavesTheStoreAlone()
    {
        using var file = new TemporaryFile();
        Session kept;
        await using (var store = new SqliteSessionStore(file.Path))
        {
            kept = await HandMade.WithHandshake().SaveAsync(store);
        }

        using var same = await ArchiveAsync(HandMade.WithHandshake());
        using var other = await ArchiveAsync(Faulty());

        RecorderRun equal = await HostedRecorder.RunAsync("diff", kept.Id.Value, same.Path, "--store", file.Path);
        RecorderRun different = await HostedRecorder.RunAsync("diff", kept.Id.Value, other.Path, "--store", file.Path);
        RecorderRun json = await HostedRecorder.RunAsync("diff", kept.Id.Value, other.Path, "--store", file.Path, "--json");
        RecorderRun count = await HostedRecorder.RunAsync("count", "--store", file.Path);

        Assert.Equal((0, 1, 1), (equal.ExitCode, different.ExitCode, json.ExitCode));
        Assert.Contains("+ tools/call evil·[2J", different.Text, StringComparison.Ordinal);
        using JsonDocument read = JsonDocument.Parse(json.Output);
        Assert.Equal("onlyInSecond", read.RootElement.GetProperty("differences")[0].GetProperty("kind").GetString());
        Assert.Equal("1", count.Text.Trim());
    }

    [Fact]
    public async Task Stats_OfAllSessionsAndOfOne_CountsThem()
    {
        using var file = new TemporaryFile();
        Session one;
        await using (var store = new SqliteSessionStore(file.Path))
        {
            one = await HandMade.WithHandshake().SaveAsync(store);
            await HandMade.WithHandshake().SaveAsync(store);
        }

        Assert.Equal(2, await CallsAsync());
        Assert.Equal(2, await CallsAsync("--client", "client"));
        Assert.Equal(1, await CallsAsync(one.Id.Value));
        Assert.NotEqual(0, (await HostedRecorder.RunAsync("stats", one.Id.Value, "--client", "client", "--store", file.Path)).ExitCode);

        async Task<int> CallsAsync(params string[] arguments)
        {
            RecorderRun run = await HostedRecorder.RunAsync(["stats", .. arguments, "--json", "--store", file.Path]);
            using JsonDocument read = JsonDocument.Parse(run.Output);
            return read.RootElement.GetProperty("methods").EnumerateArray().Single(static method => method.GetProperty("method").GetString() == "initialize").GetProperty("calls").GetInt32();
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task CheckStatsDiff_NarrowTerminal_FitAndExecuteNothing(int columns)
    {
        using var archive = await ArchiveAsync(Faulty());
        using var other = await ArchiveAsync(HandMade.WithHandshake());

        string text = await RunInAsync("check", archive.Path) + await RunInAsync("stats", archive.Path) + await RunInAsync("diff", archive.Path, other.Path);

        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd().Length <= columns, line));
        Assert.DoesNotContain(text, static character => char.IsControl(character) && character != '\n');
        Assert.Contains("evil·", text, StringComparison.Ordinal);

        async Task<string> RunInAsync(params string[] arguments) => (await HostedRecorder.RunWithAsync("COLUMNS", $"{columns}", arguments)).Text;
    }

    [Theory]
    [InlineData("check")]
    [InlineData("stats")]
    [InlineData("diff")]
    public async Task Help_OfEach_HasExamples(string command)
    {
        RecorderRun help = await RunAsync(command, "--help");

        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"  shadowcat {command} ", help.Text, StringComparison.Ordinal);
    }

    private static HandMade Faulty() => HandMade.WithHandshake()
        .Server("""{"jsonrpc":"2.0","id":7,"result":{}}""")
        .Client("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"evil\u001b[2J and a name that is longer than a column is wide"}}""")
        .Server("""{"jsonrpc":"2.0","id":1,"result":{"isError":true,"text":"\u001b[2J"}}""");

    private static async Task<TemporaryFile> ArchiveAsync(HandMade made)
    {
        var file = new TemporaryFile();
        await made.ExportAsync(file.Path);
        return file;
    }

    /// <summary>Where no session is: an archive needs no store.</summary>
    private static async Task<RecorderRun> RunAsync(params string[] arguments)
    {
        using var empty = new TemporaryFile();
        return await HostedRecorder.RunWithAsync("SHADOWCAT_STORE", empty.Path, arguments);
    }
}
