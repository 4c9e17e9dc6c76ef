using Shadowcat.Sessions.Tests.Servers;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The first thing people run.</summary>
public sealed class DemonstrationTests(RedisFixture redis)
{
    [Fact]
    public async Task Recorder_WithoutArguments_RecordsIntoAFile()
    {
        using var temporary = new TemporaryFile();
        string file = temporary.Path;

        RecorderRun first = await RecorderProcess.RunWithAsync("SHADOWCAT_STORE", file);
        RecorderRun second = await RecorderProcess.RunWithAsync("SHADOWCAT_STORE", file);
        RecorderRun count = await HostedRecorder.RunAsync("count", "--store", file);

        AssertShows(first);
        AssertShows(second);
        Assert.Contains($"4 sessions are in {file}", second.Text, StringComparison.Ordinal);
        Assert.Contains("  dotnet run --project src/Shadowcat.Sessions.Recorder -- list", second.Text, StringComparison.Ordinal);
        Assert.Contains("  dotnet run --project src/Shadowcat.Sessions.Recorder -- inspect", second.Text, StringComparison.Ordinal);
        Assert.Equal("4", count.Text.Trim());
    }

    [Fact]
    public async Task Demo_GivenARedis_LeavesItsRecordThere()
    {
        await using var record = new RecordedStore(redis.Configuration);
        RecorderRun run = await RecorderProcess.RunAsync(default, "demo", "--redis", redis.Configuration);

        AssertShows(run);
        string[] ids = [.. run.Text.Split('\n').Where(line => line.Contains("Frames of ", StringComparison.Ordinal)).Select(line => line.Trim()["Frames of ".Length..])];
        Assert.Equal(2, ids.Length);

        foreach (SessionId id in ids.Select(id => new SessionId(id)))
        {
            Session? session = await record.Store.GetSessionAsync(id, TestContext.Current.CancellationToken);
            Assert.NotNull(session);
            Assert.Equal((SessionState.Closed, SessionStatus.Completed), (session.State, session.Status));
            Assert.Equal(("demo-client", "demo-server"), (session.ClientInfo?.Name, session.ServerInfo?.Name));
            Assert.NotNull(session.VersionState?.Negotiated);
            Assert.Equal(
                session.VersionState.Negotiated == "2025-11-25" ? SessionBoundary.Handshake : SessionBoundary.Connection, session.Boundary);
            Assert.Equal(session.FrameCount, await record.Store.CountFramesAsync(id, TestContext.Current.CancellationToken));
            Assert.True(await record.Store.DeleteSessionAsync(id, TestContext.Current.CancellationToken));
        }
    }

    private static void AssertShows(RecorderRun run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.DoesNotContain('\e', run.Text);
        Assert.Matches(@"\nrecorded [1-9]\d+ frames in 2 sessions\r?\n$", run.Text);
    }
}
