using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>wrap</c> and <c>unwrap</c>, on files as clients and their users write them.</summary>
public sealed class WrapCommandTests : IDisposable
{
    private const string Commented =
        "// my servers\r\n{\r\n\t\"inputs\": [],\r\n\t\"servers\": {\r\n\t\t\"files\": { // keep\r\n\t\t\t\"type\": \"stdio\",\r\n\t\t\t\"command\": \"npx\",\r\n"
        + "\t\t\t\"args\": [\r\n\t\t\t\t// the package\r\n\t\t\t\t\"-y\",\r\n\t\t\t\t\"@x/files\",\r\n\t\t\t],\r\n\t\t\t\"env\": { \"KEY\": \"hidden\" },\r\n\t\t},\r\n"
        + "\t\t\"inline\": {\"command\": \"C:\\\\a\\u0062.exe\"}, \"none\": { \"args\": [], \"command\": \"x\" },\r\n\t\t\"alone\": {\r\n\t\t\t\"command\": \"y\" /* why */\r\n\t\t},\r\n"
        + "\t\t\"web\": { \"url\": \"http://localhost\" },\r\n\t\t\"space\": { \"args\": [ \"a\", \"b\" ], \"command\": \"z\" }\r\n\t},\r\n}\r\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shadowcat-wrap-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Backup => FileOf("mcp.json") + ".shadowcat-backup";

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(Commented)]
    [InlineData("\uFEFF" + Commented)]
    [InlineData("{\"mcpServers\":{\"a\":{\"command\":\"a\"},\"b\":{\"command\":\"b\",\"args\":[]},\"c\":{\"command\":\"c\",\"args\":[\"d\"]}}}")]
    [InlineData("{\n  \"mcp\": { \"servers\": {\n    \"a\": {\n      \"args\": [\n        \"x\"\n      ],\n      \"command\": \"größe\"\n    }\n  } }\n}")]
    public async Task Unwrap_WhatWasWrapped_IsTheSameFile(string text)
    {
        string file = await WriteAsync(text);
        byte[] before = await File.ReadAllBytesAsync(file, Ct);

        RecorderRun wrap = await RecorderProcess.RunAsync(default, "wrap", file, "--yes");
        byte[] wrapped = await File.ReadAllBytesAsync(file, Ct);
        byte[] backup = await File.ReadAllBytesAsync(Backup, Ct);
        RecorderRun again = await RunAsync("wrap", file, "--yes");
        byte[] wrappedAgain = await File.ReadAllBytesAsync(file, Ct);
        RecorderRun unwrap = await RunAsync("unwrap", file, "--yes");

        Assert.Equal((0, 0, 0), (wrap.ExitCode, again.ExitCode, unwrap.ExitCode));
        Assert.NotEqual(before, wrapped);
        Assert.Equal(before, backup);
        Assert.Equal(wrapped, wrappedAgain);
        Assert.Equal(before, await File.ReadAllBytesAsync(file, Ct));
    }

    [Fact]
    public async Task Wrap_CommentedFile_PutsTheRecorderBeforeCommandsAlone()
    {
        string file = await WriteAsync(Commented);

        RecorderRun wrap = await RecorderProcess.RunAsync(default, "wrap", file, "--yes", "--store", FileOf("s.db"));
        string wrapped = await File.ReadAllTextAsync(file, Ct);

        string start = $"\"{Escaped(RecorderProcess.Command[1])}\", \"record\", \"--store\", \"{Escaped(FileOf("s.db"))}\"";
        Assert.Contains($"\"args\": [\r\n\t\t\t\t{start}, \"--\", \"npx\",\r\n\t\t\t\t// the package\r\n\t\t\t\t\"-y\",", wrapped, StringComparison.Ordinal);
        Assert.Contains($", \"args\": [{start}, \"--\", \"C:\\\\a\\u0062.exe\"]}}", wrapped, StringComparison.Ordinal);
        Assert.Contains($"\t\t\t\"args\": [{start}, \"--\", \"y\"] /* why */", wrapped, StringComparison.Ordinal);
        Assert.Contains($"[ {start}, \"--\", \"z\", \"a\", \"b\" ]", wrapped, StringComparison.Ordinal);
        Assert.Contains("\"web\": { \"url\": \"http://localhost\" }", wrapped, StringComparison.Ordinal);
        Assert.Contains("\"env\": { \"KEY\": \"hidden\" }", wrapped, StringComparison.Ordinal);
        Assert.Contains("left: it is reached by an address", wrap.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", wrap.Text + wrap.Errors, StringComparison.Ordinal);
        Assert.Matches("(?m)^@@ line 7: files$\n^-  +\"command\": \"npx\",$\n^[+]  +\"command\": ", wrap.Text);
    }

    [Fact]
    public async Task Wrap_OneServer_LeavesTheOthers()
    {
        string file = await WriteAsync("{\"mcpServers\":{\"a\":{\"command\":\"a\"},\"b\":{\"command\":\"b\"}}}");

        RecorderRun unknown = await RunAsync("wrap", file, "--yes", "--server", "c");
        RecorderRun wrap = await RunAsync("wrap", file, "--yes", "--server", "b");
        string wrapped = await File.ReadAllTextAsync(file, Ct);

        Assert.Equal((1, 0), (unknown.ExitCode, wrap.ExitCode));
        Assert.Contains("no server is called 'c'", unknown.Errors, StringComparison.Ordinal);
        Assert.StartsWith("{\"mcpServers\":{\"a\":{\"command\":\"a\"},\"b\":{", wrapped, StringComparison.Ordinal);
        Assert.Contains("\"--\", \"b\"]", wrapped, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shadowcat", "record", "--", "npx", "x")]
    [InlineData("/opt/tools/shadowcat", "record", "--tag", "a", "--", "npx", "x")]
    [InlineData("C:\\\\tools\\\\shadowcat.exe", "record", "--", "npx", "x")]
    [InlineData("dotnet", "/a/shadowcat.dll", "record", "--", "npx", "x")]
    [InlineData("dnx", "Shadowcat.Sessions.Recorder@0.1.0", "record", "--", "npx", "x")]
    [InlineData("dotnet", "run", "--project", "src/Shadowcat.Sessions.Recorder", "--", "record", "--", "npx", "x")]
    public async Task Unwrap_AnyRecorder_IsTakenOutAndIsNotWrapped(string command, params string[] arguments)
    {
        string text = $"{{\"servers\":{{\"a\":{{\"command\":\"{command}\",\"args\":[{string.Join(',', arguments.Select(argument => $"\"{argument}\""))}]}}}}}}";
        string file = await WriteAsync(text);

        RecorderRun wrap = await RunAsync("wrap", file, "--yes");
        string wrapped = await File.ReadAllTextAsync(file, Ct);
        RecorderRun unwrap = await RunAsync("unwrap", file, "--yes");

        Assert.Equal((0, 0), (wrap.ExitCode, unwrap.ExitCode));
        Assert.Equal(text, wrapped);
        Assert.Contains("the recorder stands before it already", wrap.Text, StringComparison.Ordinal);
        Assert.Equal("{\"servers\":{\"a\":{\"command\":\"npx\",\"args\":[\"x\"]}}}", await File.ReadAllTextAsync(file, Ct));
    }

    [Theory]
    [InlineData("", "is no JSON")]
    [InlineData("{\n\"servers\": {", "is no JSON: line 2")]
    [InlineData("{\"servers\":{\"a\":{\"command\":\"x\"}}} more", "is no JSON")]
    [InlineData("[]", "has no servers")]
    [InlineData("{\"servers\":{}}", "has no servers")]
    public async Task Wrap_FileWithoutServers_SaysSoAndTouchesNothing(string text, string error)
    {
        string file = await WriteAsync(text);

        RecorderRun wrap = await RunAsync("wrap", file, "--yes");

        Assert.Equal(1, wrap.ExitCode);
        Assert.StartsWith($"shadowcat: {file} {error}", wrap.Errors, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file, Ct));
        Assert.Equal([file], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Wrap_WithoutATerminal_ShowsTheChangeAndRefuses()
    {
        string file = await WriteAsync(Commented);

        RecorderRun wrap = await RunAsync("wrap", file);

        Assert.Equal(1, wrap.ExitCode);
        Assert.Contains("give --yes", wrap.Errors, StringComparison.Ordinal);
        Assert.Contains("+ ", wrap.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', wrap.Text);
        Assert.Equal(Commented, await File.ReadAllTextAsync(file, Ct));
        Assert.Equal([file], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Wrap_LinkedFile_KeepsLinkAndRights()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("needs the rights of a Unix");
            return;
        }

        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        string file = await WriteAsync(Commented);
        File.SetUnixFileMode(file, Mode);
        string link = FileOf("link.json");
        File.CreateSymbolicLink(link, "mcp.json");

        RecorderRun wrap = await RunAsync("wrap", link, "--yes");

        Assert.Equal(0, wrap.ExitCode);
        Assert.Equal("mcp.json", new FileInfo(link).LinkTarget);
        Assert.NotEqual(Commented, await File.ReadAllTextAsync(file, Ct));
        Assert.Equal((Mode, Mode), (File.GetUnixFileMode(file), File.GetUnixFileMode(Backup)));
        Assert.Equal(((string[])[file, Backup, link]).Order(StringComparer.Ordinal), Directory.GetFiles(_folder.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Wrapped_ServerOfAConfiguration_IsRecorded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the cat of a Unix");
        using var store = new TemporaryFile();
        string file = await WriteAsync("{\"mcpServers\":{\"echo\":{\"command\":\"cat\"}}}");
        byte[] message = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n"u8.ToArray();

        await RecorderProcess.RunAsync(default, "wrap", file, "--yes", "--store", store.Path);
        using var document = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(file, Ct));
        var server = document.RootElement.GetProperty("mcpServers").GetProperty("echo");
        Assert.Equal(RecorderProcess.Command[1], server.GetProperty("args")[0].GetString());
        RecorderRun talk = await RecorderProcess.RunAsync(message, [.. server.GetProperty("args").EnumerateArray().Skip(1).Select(argument => argument.GetString()!)]);
        RecorderRun count = await RunAsync("count", "--store", store.Path);

        Assert.Equal(message, talk.Output);
        Assert.Equal("1", count.Text.Trim());
    }

    private static string Escaped(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal);

    /// <summary>For all but what a recorder writes of itself, which is of a process.</summary>
    private static Task<RecorderRun> RunAsync(params string[] arguments) => HostedRecorder.RunAsync(arguments);

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<string> WriteAsync(string text)
    {
        await File.WriteAllTextAsync(FileOf("mcp.json"), text, Ct);
        return FileOf("mcp.json");
    }
}
