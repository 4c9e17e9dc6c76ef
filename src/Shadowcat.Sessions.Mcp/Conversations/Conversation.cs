namespace Shadowcat.Sessions.Mcp;

/// <summary>What the messages say about their session: who the peers are, which version they agreed on, and how far they are.</summary>
/// <param name="boundary">What makes the messages one session; a connection becomes a handshake where one is seen on it.</param>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/>
internal sealed class Conversation(SessionBoundary boundary)
{
    private const string Initialize = "initialize";
    private const string Initialized = "notifications/initialized";
    private const int MaxUnanswered = 64;
    private const int MaxSessionIdLength = 1024;

    private readonly Dictionary<(string? Exchange, RequestId Id), Question> _unanswered = [];
    private readonly List<VersionAttempt> _attempts = [];
    private IReadOnlyList<VersionAttempt> _written = [];
    private SessionBoundary _boundary = boundary;
    private bool _isActive;
    private bool _isTrying;
    private string? _requested;
    private string? _negotiated;
    private string? _seenSessionId;
    private string? _transportSessionId;
    private string? _transportVersion;
    private Peer? _client;
    private Peer? _server;

    /// <summary>Tells whether something was learned that <see cref="ApplyTo"/> has not written yet.</summary>
    public bool HasNews { get; private set; }

    /// <summary>Takes over what is known of the session already.</summary>
    public void Join(Session session)
    {
        _negotiated ??= session.VersionState?.Negotiated;
        _transportVersion ??= session.VersionState?.TransportHeader;
        _transportSessionId ??= session.TransportSessionId;
    }

    /// <summary>Reads one message, in the order of the wire.</summary>
    public void Observe(MessageEnvelope message)
    {
        switch (message.Direction, message.Kind)
        {
            case (MessageDirection.ClientToServer, MessageKind.Request):
                Ask(message);
                break;
            case (MessageDirection.ClientToServer, MessageKind.Notification) when message.Method == Initialized:
                HasNews |= !_isActive;
                _isActive = true;
                break;
            case (MessageDirection.ServerToClient, MessageKind.Response or MessageKind.Error)
                when message.RequestId is { } id && _unanswered.Remove((message.ExchangeId, id), out var question):
                Answer(question, message);
                break;
            case (MessageDirection.ServerToClient or MessageDirection.Internal, _) when message.ExchangeId is { } exchange && message.Metadata.ContainsKey(ExchangeEnd.Key):
                GiveUp(exchange);
                break;
        }
    }

    /// <summary>Notes what the transport says beside the messages.</summary>
    public void ObserveTransport(string? sessionId, string? version)
    {
        HasNews |= Learn(ref _transportVersion, version, VersionState.MaxVersionLength);
        if (Learn(ref _seenSessionId, sessionId, MaxSessionIdLength) && TransportSessionIds.ToRecordedText(_seenSessionId!) is var recorded && recorded != _transportSessionId)
        {
            _transportSessionId = recorded;
            HasNews = true;
        }
    }

    /// <summary>Writes what was learned into the session, as it stands now; others may have written theirs.</summary>
    public Session ApplyTo(Session session) => session with
    {
        Boundary = _boundary,
        State = _isActive && session.State == SessionState.Initializing ? SessionState.Active : session.State,
        ClientInfo = _client ?? session.ClientInfo,
        ServerInfo = _server ?? session.ServerInfo,
        TransportSessionId = _transportSessionId ?? session.TransportSessionId,
        VersionState = Merge(session.VersionState ?? new VersionState()),
    };

    /// <summary>Says that what was learned is written.</summary>
    public void Written()
    {
        _written = [.. _attempts];
        HasNews = false;
    }

    private void Ask(MessageEnvelope request)
    {
        // Since 2026-07-28 every request names its version; once agreed, it says nothing new.
        if (request.ProtocolVersion is not { } version
            || request.RequestId is not { } id
            || version == _negotiated
            || _unanswered.Count == MaxUnanswered)
        {
            return;
        }

        _unanswered[(request.ExchangeId, id)] = new Question(version, request.Method == Initialize);
        _requested = version;
        _client = PeerNames.Client(request.Payload) ?? _client;
        Try(version);
    }

    private void Answer(Question question, MessageEnvelope answer)
    {
        // A server that works on a request accepts the version it names; only initialize answers with one of its own.
        var answered = answer.Kind == MessageKind.Error ? null : answer.ProtocolVersion ?? question.Version;
        Settle(new VersionAttempt(question.Version, answered));
        _negotiated = answered ?? _negotiated;
        if (answered is not null)
        {
            _server = PeerNames.Server(answer.Payload) ?? _server;
            _isActive |= !question.IsInitialize;
            if (_boundary is SessionBoundary.Connection or SessionBoundary.Handshake)
            {
                _boundary = question.IsInitialize ? SessionBoundary.Handshake : SessionBoundary.Connection;
            }
        }
    }

    /// <summary>Forgets what was asked in an exchange that is over without an answer: there is room for so many questions only.</summary>
    private void GiveUp(string exchange)
    {
        foreach (var asked in _unanswered.Keys.Where(asked => asked.Exchange == exchange).ToList())
        {
            _unanswered.Remove(asked);
        }
    }

    private void Try(string version)
    {
        HasNews = true;
        if (_isTrying && _attempts[^1].Requested == version)
        {
            // A client may send several requests before the first answer: together they are one attempt.
            return;
        }

        _attempts.Add(new VersionAttempt(version));
        _attempts.RemoveRange(0, Math.Max(0, _attempts.Count - VersionState.MaxAttempts));
        _isTrying = true;
    }

    private void Settle(VersionAttempt attempt)
    {
        HasNews = true;
        var index = _attempts.FindLastIndex(tried => tried.Requested == attempt.Requested && tried.Answered is null);
        if (index >= 0)
        {
            _attempts[index] = attempt;
        }

        _isTrying &= index < _attempts.Count - 1;
    }

    private VersionState? Merge(VersionState versions)
    {
        var others = versions.Attempts.ToList();
        foreach (var attempt in _written)
        {
            others.Remove(attempt);
        }

        var merged = versions with
        {
            Requested = _requested ?? versions.Requested,
            Negotiated = _negotiated ?? versions.Negotiated,
            TransportHeader = _transportVersion ?? versions.TransportHeader,
            Attempts = [.. others.Concat(_attempts).TakeLast(VersionState.MaxAttempts)],
        };
        return merged == new VersionState() ? null : merged;
    }

    private static bool Learn(ref string? known, string? seen, int maxLength)
    {
        // A peer may send what it likes; what no store takes is left out.
        if (seen is null || seen == known || seen.Length == 0 || seen.Length > maxLength || !seen.All(char.IsAscii) || seen.Any(char.IsControl))
        {
            return false;
        }

        known = seen;
        return true;
    }

    private sealed record Question(string Version, bool IsInitialize);
}
