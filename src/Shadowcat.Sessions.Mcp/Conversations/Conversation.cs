namespace Shadowcat.Sessions.Mcp;

/// <summary>What the messages say about their session: who the peers are, which version they agreed on, and how far they are.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/>
internal sealed class Conversation
{
    private const string Initialize = "initialize";
    private const string Initialized = "notifications/initialized";
    private const int MaxUnanswered = 64;

    private readonly Dictionary<RequestId, Question> _unanswered = [];
    private SessionBoundary _boundary = SessionBoundary.Connection;
    private SessionState _state = SessionState.Initializing;
    private VersionState _versions = new();
    private Peer? _client;
    private Peer? _server;
    private bool _hasNews;

    /// <summary>Reads one message, in the order of the wire.</summary>
    public void Observe(MessageEnvelope message)
    {
        switch (message.Direction, message.Kind)
        {
            case (MessageDirection.ClientToServer, MessageKind.Request):
                Ask(message);
                break;
            case (MessageDirection.ClientToServer, MessageKind.Notification) when message.Method == Initialized:
                _state = SessionState.Active;
                _hasNews = true;
                break;
            case (MessageDirection.ServerToClient, MessageKind.Response or MessageKind.Error)
                when message.RequestId is { } id && _unanswered.Remove(id, out var question):
                Answer(question, message);
                break;
        }
    }

    /// <summary>Tells whether a message said something new since this was asked last.</summary>
    public bool TakeNews() => _hasNews && !(_hasNews = false);

    /// <summary>Writes what was learned into the session.</summary>
    public Session ApplyTo(Session session) => session with
    {
        Boundary = _boundary,
        State = _state,
        ClientInfo = _client,
        ServerInfo = _server,
        VersionState = _versions == new VersionState() ? null : _versions,
    };

    private void Ask(MessageEnvelope request)
    {
        // Since 2026-07-28 every request names its version; once agreed, it says nothing new.
        if (request.ProtocolVersion is not { } version
            || request.RequestId is not { } id
            || version == _versions.Negotiated
            || _unanswered.Count == MaxUnanswered)
        {
            return;
        }

        _unanswered[id] = new Question(version, request.Method == Initialize);
        _versions = _versions with { Requested = version };
        _client = PeerNames.Client(request.Payload) ?? _client;
        _hasNews = true;
    }

    private void Answer(Question question, MessageEnvelope answer)
    {
        // A server that works on a request accepts the version it names; only initialize answers with one of its own.
        var answered = answer.Kind == MessageKind.Error ? null : answer.ProtocolVersion ?? question.Version;
        var attempt = new VersionAttempt(question.Version, answered);
        _versions = _versions with { Negotiated = answered ?? _versions.Negotiated };
        if (_versions.Attempts is not [.., var last] || last != attempt)
        {
            // A client may send several requests before the first answer: together they are one attempt.
            _versions = _versions with { Attempts = [.. _versions.Attempts.TakeLast(VersionState.MaxAttempts - 1), attempt] };
        }

        if (answered is not null)
        {
            _server = PeerNames.Server(answer.Payload) ?? _server;
            _boundary = question.IsInitialize ? SessionBoundary.Handshake : SessionBoundary.Connection;
            _state = question.IsInitialize ? _state : SessionState.Active;
        }

        _hasNews = true;
    }

    private sealed record Question(string Version, bool IsInitialize);
}
