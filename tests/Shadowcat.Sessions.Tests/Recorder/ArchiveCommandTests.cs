using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>export</c> and <c>import</c>, as processes that may be killed at any moment.</summary>
public sealed class ArchiveCommandTests(RedisFixture redis) : IAsyncLifetime
{
    private const int Frames = 10_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shadowcat-archive-");
    private readonly RecordedStore _record = new(redis.Configuration);
    private SessionId _session;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (!_session.IsDefault)
        {
            await _record.Store.DeleteSessionAsync(_session);
        }

        await _record.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ExportAndImport_IntoAnEmptyStore_GiveTheSameBytes()
    {
        byte[] archive = await ArchiveAsync(300);
        string file = FileOf("archive");
        await File.WriteAllBytesAsync(file, archive, Ct);

        RecorderRun import = await RunAsync(default, "import", file, "--keep-owner", "--keep-transport-id", "--keep-attributes", "--keep-lifetimes");
        RecorderRun export = await RunAsync(default, "export", _session.Value);
        RecorderRun toFile = await RunAsync(default, "export", _session.Value, FileOf("copy"));
        RecorderRun again = await RunAsync(archive, "import", "-");

        Assert.Equal([0, 0, 0, 0], new[] { import, export, toFile, again }.Select(run => run.ExitCode));
        Assert.Equal(archive, export.Output);
        Assert.Equal(archive, await File.ReadAllBytesAsync(FileOf("copy"), Ct));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FileOf("copy")));
        }

        Assert.Contains("imported 1 sessions, 300 frames", import.Errors, StringComparison.Ordinal);
        Assert.Contains("exported 300 frames", export.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportAndImport_KilledHalfWayAndRepeated_GiveTheSameBytes()
    {
        byte[] archive = await ArchiveAsync(Frames);
        string file = FileOf("archive");
        string copy = FileOf("copy");
        await File.WriteAllBytesAsync(file, archive, Ct);

        await KillAsync(async () => await CountAsync() >= Frames / 3, "import", file, "--keep-owner", "--keep-transport-id", "--keep-attributes", "--keep-lifetimes");
        long left = await CountAsync();
        RecorderRun import = await RunAsync(default, "import", file, "--keep-owner", "--keep-transport-id", "--keep-attributes", "--keep-lifetimes");
        await KillAsync(() => Task.FromResult(new FileInfo(copy) is { Exists: true, Length: > 0 }), "export", _session.Value, copy);
        RecorderRun export = await RunAsync(default, "export", _session.Value, copy);

        Assert.InRange(left, Frames / 3, Frames);
        Assert.Equal((0, 0), (import.ExitCode, export.ExitCode));
        Assert.Equal(Frames, await CountAsync());
        Assert.Equal(archive, await File.ReadAllBytesAsync(copy, Ct));
    }

    [Fact]
    public async Task ExportAndImport_WhatIsNotThere_SayWhatIsWrong()
    {
        RecorderRun noSession = await RunAsync(default, "export", "no-such-session", FileOf("none"));
        RecorderRun noFile = await RunAsync(default, "import", FileOf("none"));
        RecorderRun noArchive = await RunAsync("{\"no\":\"archive\"}\n"u8.ToArray(), "import", "-");

        Assert.Equal([1, 1, 1], new[] { noSession, noFile, noArchive }.Select(run => run.ExitCode));
        Assert.Contains("no-such-session", noSession.Errors, StringComparison.Ordinal);
        Assert.Contains("none", noFile.Errors, StringComparison.Ordinal);
        Assert.All(new[] { noSession, noFile, noArchive }, run => Assert.StartsWith("shadowcat: ", run.Errors, StringComparison.Ordinal));
        Assert.False(File.Exists(FileOf("none")));
    }

    /// <summary>The archive of a session that the store does not have any more.</summary>
    private async Task<byte[]> ArchiveAsync(int frames)
    {
        var origin = new InMemorySessionStore();
        _session = (await Archived.RecordedAsync(origin, frames)).Id;
        return await Archived.ExportAsync(origin, _session);
    }

    private async Task KillAsync(Func<Task<bool>> when, params string[] arguments)
    {
        await using RecorderProcess recorder = RecorderProcess.Start([.. arguments, "--redis", redis.Configuration]);
        await Poll.UntilAsync(when, "it is on its way");
        recorder.Kill();
    }

    private async Task<long> CountAsync() => (await _record.Store.GetSessionAsync(_session, Ct))?.FrameCount ?? 0;

    private Task<RecorderRun> RunAsync(ReadOnlyMemory<byte> input, params string[] arguments) =>
        HostedRecorder.RunAsync(input, [.. arguments, "--redis", redis.Configuration]);

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);
}
