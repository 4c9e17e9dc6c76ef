using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Proxying.Http;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The recorder of Streamable HTTP inside this process, before a server of a test.</summary>
internal sealed class HttpRecorder : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringWriter _notices = new();
    private readonly SessionRecorder _recorder;
    private readonly HttpSessions _sessions;
    private readonly Task _running;

    private HttpRecorder(Uri upstream, ISessionStore store, string tag, string[] allowed)
    {
        Store = store;
        _recorder = new SessionRecorder(store, new SessionRecordingOptions { Redactors = [], WriteDelay = TimeSpan.Zero });
        _sessions = new HttpSessions(
            _recorder,
            (transport, boundary, key) => new Session(SessionId.New(), transport) { Boundary = boundary, CorrelationKey = key, Tags = [new SessionTag(tag)] },
            TimeProvider.System);
        _running = HttpProxy.RunAsync(upstream, new Uri("http://127.0.0.1:0"), allowed, _sessions, TextWriter.Synchronized(_notices), _listening.SetResult, _ending.Token);
    }

    public ISessionStore Store { get; }

    /// <summary>The endpoint for clients.</summary>
    public Uri Endpoint => _listening.Task.Result;

    /// <summary>What it showed to people.</summary>
    public string Notices => _notices.ToString();

    public static async Task<HttpRecorder> StartAsync(Uri upstream, ISessionStore? store = null, string tag = "test", params string[] allowed)
    {
        var recorder = new HttpRecorder(upstream, store ?? new InMemorySessionStore(), tag, allowed);
        await Task.WhenAny(recorder._listening.Task, recorder._running);
        return recorder;
    }

    /// <summary>Waits for a frame, which may come after the client has what it waits for.</summary>
    public async Task<MessageEnvelope> FrameAsync(Func<MessageEnvelope, bool> matches)
    {
        MessageEnvelope? found = null;
        await Poll.UntilAsync(
            async () =>
            {
                found = (await FramesAsync()).FirstOrDefault(matches);
                return found is not null;
            },
            "the frame is recorded");
        return found!;
    }

    /// <summary>Stops it, and returns what it recorded, in the order in which it began.</summary>
    public async Task<List<Session>> StopAsync()
    {
        await DisposeAsync();
        return await SessionsAsync();
    }

    /// <summary>Stops it, and returns the frames of the one session that it recorded.</summary>
    public async Task<List<MessageEnvelope>> StopAndReadAsync() => await FramesAsync(Assert.Single(await StopAsync()));

    public async Task<List<MessageEnvelope>> FramesAsync(Session session) =>
        await Store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _sessions.EndDead();
        await _recorder.DisposeAsync();
    }

    private async Task<List<Session>> SessionsAsync() =>
        await Store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).OrderBy(session => session.CreatedAt).ToListAsync();

    private async Task<List<MessageEnvelope>> FramesAsync()
    {
        List<MessageEnvelope> all = [];

        foreach (Session session in await SessionsAsync())
        {
            all.AddRange(await FramesAsync(session));
        }

        return all;
    }
}
