using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What the recorder shows of the sessions in a store.</summary>
public sealed class ReadingTests(RedisFixture redis)
{
    [Fact]
    public async Task ListShowDelete_RecordedSession_ShowsItUntilItIsGone()
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await record.Store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.Stdio) { Tags = [record.Tag], ClientInfo = Peer.Create("a [red]client[/]\e[2J", "1") },
            TestContext.Current.CancellationToken);
        byte[] payload = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/[bold]\",\"params\":\"\e[2J\"}"u8.ToArray();
        await record.Store.AddFrameAsync(
            new MessageEnvelope(session.Id, MessageDirection.ServerToClient, TransportType.Stdio, payload, DateTimeOffset.UtcNow),
            TestContext.Current.CancellationToken);

        RecorderRun list = await RunAsync("list", "--tag", record.Tag);
        RecorderRun show = await RunAsync("show", session.Id.Value);
        RecorderRun raw = await RunAsync("show", session.Id.Value, "--raw");
        RecorderRun delete = await RunAsync("delete", session.Id.Value);
        RecorderRun deleteAgain = await RunAsync("delete", session.Id.Value);
        RecorderRun showGone = await RunAsync("show", session.Id.Value);

        Assert.Contains(session.Id.Value, list.Text, StringComparison.Ordinal);
        Assert.Contains("notifications/[bold]", show.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', list.Text + show.Text);
        Assert.Equal([.. payload, (byte)'\n'], raw.Output);
        Assert.Equal(0, delete.ExitCode);
        Assert.Equal((1, 1), (deleteAgain.ExitCode, showGone.ExitCode));
        Assert.Contains("there is no session", showGone.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_EndOfAnExchange_SaysWhoEndedItAndHow()
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await record.Store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.StreamableHttp) { Tags = [record.Tag] }, TestContext.Current.CancellationToken);
        await AddAsync(MessageDirection.ServerToClient, ("exchange.end", "answered"), ("exchange.ended-by", "server"), ("http.method", "POST"), ("http.status", "401"), ("http.header.www-authenticate", "Bearer\e[2J"));
        await AddAsync(MessageDirection.Internal, ("exchange.end", "cancelled"), ("exchange.ended-by", "client"), ("http.method", "POST"));

        RecorderRun show = await RunAsync("show", session.Id.Value);

        Assert.Contains("End 401", show.Text, StringComparison.Ordinal);
        Assert.Contains("(HTTP 401, www-authenticate: Bearer·[2J)", show.Text, StringComparison.Ordinal);
        Assert.Contains("(cancelled by the client)", show.Text, StringComparison.Ordinal);

        async Task AddAsync(MessageDirection direction, params (string Key, string Value)[] metadata) => await record.Store.AddFrameAsync(
            new MessageEnvelope(session.Id, direction, TransportType.StreamableHttp, default, DateTimeOffset.UtcNow)
            {
                Metadata = FrameMetadata.Create(metadata.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))),
            },
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Count_Sessions_IsANumber()
    {
        RecorderRun count = await RunAsync("count");

        Assert.True(long.TryParse(count.Text, out _), count.Text);
    }

    private Task<RecorderRun> RunAsync(params string[] arguments) =>
        RecorderProcess.RunAsync(default, [.. arguments, "--redis", redis.Configuration]);
}
