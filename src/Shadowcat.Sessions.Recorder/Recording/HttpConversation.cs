using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>A conversation over HTTP: its recording, and by what its further requests are known. All but <see cref="Requests"/> is guarded by <see cref="HttpSessions"/>.</summary>
/// <param name="begin">Begins its recording, which is not before it is known over which transport it goes.</param>
/// <param name="caller">Its client.</param>
internal sealed class HttpConversation(Func<TransportType, SessionRecording> begin, HttpCaller caller)
{
    private const int MaxConnections = 16;
    private const int MaxFormer = 16;

    private readonly List<string> _connections = [caller.Connection];
    private readonly List<string> _former = [];
    private SessionRecording? _recording;
    private string? _principal = caller.Principal;
    private bool _isNamed = caller.IsNamed;

    /// <summary>Its recording, which begins with the first that is recorded.</summary>
    public SessionRecording Recording => LazyInitializer.EnsureInitialized(ref _recording, () => begin(Transport));

    /// <summary>Over which transport it goes. Settled with the first that is recorded.</summary>
    public TransportType Transport { get; private set; } = TransportType.StreamableHttp;

    /// <summary>What was asked in it and not answered.</summary>
    public OpenRequests Requests { get; } = new();

    /// <summary>Where its client is.</summary>
    public string Place { get; } = caller.Place;

    /// <summary>What the server calls it; null where it does not.</summary>
    public string? Name { get; set; }

    /// <summary>The protocol version that its client named last in a header; null where it does not.</summary>
    public string? Version { get; set; }

    /// <summary>Why it is over where the server says so; null where it goes on.</summary>
    public string? Dead { get; set; }

    /// <summary>When it was spoken in last, as a timestamp.</summary>
    public long LastUse { get; set; }

    /// <summary>How many of its exchanges are under way: a stream that is open is no silence.</summary>
    public int Open { get; set; }

    /// <summary>Whether the server refused its client's credentials, so that others are to be expected.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Says that it goes over the older HTTP+SSE, where nothing was recorded yet.</summary>
    public void BeSse() => Transport = _recording is null ? TransportType.Sse : Transport;

    /// <summary>Records a message, or the end of an exchange.</summary>
    public void Record(
        MessageDirection direction, ReadOnlyMemory<byte> payload, IEnumerable<KeyValuePair<string, string>> metadata, MessageFlags flags, string exchange)
    {
        Recording.TransportVersion = Version;
        Recording.TryRecord(direction, payload, FrameMetadata.Create(metadata), flags, exchange);
    }

    public bool IsOver(HttpCaller caller) => _connections.Contains(caller.Connection);

    /// <summary>Whether who sends a request over the connection of this conversation is its client: a token that is refreshed is another one, but nobody goes back to an old one.</summary>
    public bool MayBe(HttpCaller caller) =>
        Is(caller) || caller.Principal is null || _principal is null || (!caller.IsNamed && !_isNamed && !_former.Contains(caller.Principal));

    public bool Is(HttpCaller caller) => _principal == caller.Principal;

    /// <summary>Takes a request's sender for its client.</summary>
    public void Take(HttpCaller caller)
    {
        if (caller.Principal is { } principal && principal != _principal)
        {
            if (_principal is { } former && _former.Count < MaxFormer)
            {
                _former.Add(former);
            }

            (_principal, _isNamed, IsRefused) = (principal, caller.IsNamed, false);
        }

        if (!_connections.Contains(caller.Connection))
        {
            _connections.Add(caller.Connection);
            _connections.RemoveRange(0, Math.Max(0, _connections.Count - MaxConnections));
        }
    }
}
