using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>follow</c>: frames as they come.</summary>
public sealed class FollowCommandTests(RedisFixture redis)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_Raw_WritesEachMessageUntilTheSessionIsClosed()
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await CreateAsync(record);
        await using RecorderProcess recorder = RecorderProcess.Start("follow", session.Id.Value, "--raw", "--redis", redis.Configuration);
        using var expected = new MemoryStream();

        for (int i = 0; i < 20; i++)
        {
            MessageEnvelope frame = Make.Frame(session.Id, i);
            await record.Store.AddFrameAsync(frame, Ct);
            expected.Write(frame.Payload.Span);
            expected.WriteByte((byte)'\n');
        }

        await record.Store.CloseSessionAsync(session.Id, cancellationToken: Ct);
        RecorderRun run = await recorder.WaitAsync();

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(expected.ToArray(), run.Output);
    }

    [Fact]
    public async Task Follow_Lines_AreSafeToShowAndEndWhenToldTo()
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await CreateAsync(record);
        await record.Store.AddFrameAsync(Make.Frame(session.Id, 0), Ct);
        byte[] payload = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":\"\e[2J\"}"u8.ToArray();
        await record.Store.AddFrameAsync(new MessageEnvelope(session.Id, MessageDirection.ServerToClient, TransportType.Stdio, payload, Make.At), Ct);
        await using RecorderProcess recorder = RecorderProcess.Start("follow", session.Id.Value, "--last", "1", "--redis", redis.Configuration);
        await Poll.UntilAsync(() => Task.FromResult(recorder.HasWritten), "the frame is shown");

        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the kill of a Unix");
        recorder.Terminate();
        RecorderRun run = await recorder.WaitAsync();

        string line = Assert.Single(run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("server", line, StringComparison.Ordinal);
        Assert.Contains("notifications/x", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', line);
    }

    [Fact]
    public async Task Follow_NoSuchSession_SaysSo()
    {
        RecorderRun run = await HostedRecorder.RunAsync("follow", "no-such-session", "--redis", redis.Configuration);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no-such-session", run.Errors, StringComparison.Ordinal);
    }

    private static ValueTask<Session> CreateAsync(RecordedStore record) =>
        record.Store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio) { Tags = [record.Tag] }, Ct);
}
