using Shadowcat.Sessions.Recorder.Commands;
using Shadowcat.Sessions.Recorder.Exporting;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>export --format</c>: what goes where, and what is refused.</summary>
public sealed class ExportFormatCommandTests : IDisposable
{
    private const string Request = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private readonly TemporaryFile _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Export_AFileThatExists_IsReplacedOnlyByForce()
    {
        string id = await RecordAsync(TransportType.Stdio);
        string page = FileOf("page.html");

        RecorderRun first = await ExportAsync(id, page);
        RecorderRun second = await ExportAsync(id, page);
        await File.AppendAllTextAsync(page, "and more", Ct);
        RecorderRun third = await ExportAsync(id, page, "--force");
        string forced = await File.ReadAllTextAsync(page, Ct);
        RecorderRun output = await ExportAsync(id, "--format", "html");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.StartsWith("exported 1 frames", first.Errors, StringComparison.Ordinal);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("exists and would be overwritten: name another file, or give --force", second.Errors, StringComparison.Ordinal);
        Assert.True(third.ExitCode == 0, third.Errors);
        Assert.Equal(output.Text, forced);
        Assert.StartsWith("<!doctype html>", forced, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(page));
        }
    }

    [Fact]
    public async Task Export_HarOfStandardInput_SaysWhyNotAndLeavesNoFile()
    {
        string id = await RecordAsync(TransportType.Stdio);

        RecorderRun run = await ExportAsync(id, FileOf("archive.har"));
        RecorderRun unknown = await ExportAsync(id, "--format", "pdf");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("not over HTTP", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(FileOf("archive.har")));
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("pdf", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_ArchiveByForce_TakesThePlaceOfAnotherFile()
    {
        string id = await RecordAsync(TransportType.Stdio);
        string file = FileOf("archive.jsonl");
        await File.WriteAllTextAsync(file, "something else\n", Ct);

        RecorderRun refused = await ExportAsync(id, file);
        RecorderRun forced = await ExportAsync(id, file, "--force");

        Assert.Equal(1, refused.ExitCode);
        Assert.True(forced.ExitCode == 0, forced.Errors);
        Assert.StartsWith("{\"type\":\"meta\"", await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_AnArchive_IsWhatTheSessionGives()
    {
        string id = await RecordAsync(TransportType.StreamableHttp);
        string archive = FileOf("archive.jsonl");
        RecorderRun first = await ExportAsync(id, archive);

        RecorderRun ofSession = await ExportAsync(id, "--format", "har");
        RecorderRun ofArchive = await ExportAsync(archive, "--format", "har");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.True(ofArchive.ExitCode == 0, ofArchive.Errors);
        Assert.Contains("ping", ofArchive.Text, StringComparison.Ordinal);
        Assert.Equal(ofSession.Text, ofArchive.Text);
    }

    [Theory]
    [InlineData(null, null, "jsonl")]
    [InlineData(null, "session", "jsonl")]
    [InlineData(null, "session.json", "jsonl")]
    [InlineData(null, "page.HTML", "html")]
    [InlineData(null, "page.htm", "html")]
    [InlineData(null, "a.har", "har")]
    [InlineData("otlp", "a.har", "otlp")]
    public void Choose_ByNameOrEnding_IsThatFormat(string? name, string? file, string expected) => Assert.Equal(expected, ExportFormats.Choose(name, file).Name);

    [Fact]
    public async Task WriteAsync_ThatFailsHalfWay_LeavesNoFile()
    {
        string file = FileOf("half.html");

        await Assert.ThrowsAsync<SessionNotFoundException>(() => ExportFile.WriteAsync(file, ExportFormats.Choose("html", null), replaces: false, async stream =>
        {
            await stream.WriteAsync("half"u8.ToArray(), Ct);
            throw new SessionNotFoundException("Export", new SessionId("s"));
        }));

        Assert.False(File.Exists(file));
    }

    private async Task<string> RecordAsync(TransportType transport)
    {
        await using var store = new SqliteSessionStore(_store.Path);
        Session session = await store.CreateSessionAsync(new Session(SessionId.New(), transport), Ct);
        await ((ISessionStore)store).AddFrameAsync(
            new MessageEnvelope(session.Id, MessageDirection.ClientToServer, transport, System.Text.Encoding.UTF8.GetBytes(Request), DateTimeOffset.UtcNow), Ct);
        return session.Id.Value;
    }

    private Task<RecorderRun> ExportAsync(string id, params string[] arguments) => HostedRecorder.RunAsync(["export", id, .. arguments, "--store", _store.Path]);

    private string FileOf(string name) => Path.Combine(Path.GetDirectoryName(_store.Path)!, name);
}
