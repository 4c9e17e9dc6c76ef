namespace Shadowcat.Sessions.Mcp;

/// <summary>Learns from the messages of a session who its peers are, which protocol version they negotiated, and whether the session is active.</summary>
/// <param name="boundary">What makes the messages one session. A connection becomes a handshake where it has one.</param>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/>
internal sealed class Conversation(SessionBoundary boundary)
{
    private const string Initialize = "initialize";
    private const string Discover = "server/discover";
    private const string Listen = "subscriptions/listen";
    private const string Listening = "notifications/subscriptions/acknowledged";
    private const int UnsupportedVersion = -32022;
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

    /// <summary>Whether something was learned that is not written yet.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>Takes over what the stored session knows already.</summary>
    public void Join(Session session)
    {
        _negotiated ??= session.VersionState?.Negotiated;
        _transportVersion ??= session.VersionState?.TransportHeader;
        _transportSessionId ??= session.TransportSessionId;
        if (_boundary == SessionBoundary.Correlated)
        {
            // A request that continues an exchange becomes part of it.
            _boundary = session.Boundary;
        }
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
                HasChanges |= !_isActive;
                _isActive = true;
                break;
            case (MessageDirection.ServerToClient, MessageKind.Response or MessageKind.Error)
                when message.RequestId is { } id && _unanswered.Remove((message.ExchangeId, id), out var question):
                Answer(question, message);
                break;
            case (MessageDirection.ServerToClient, MessageKind.Notification or MessageKind.Request) when _unanswered.Count > 0:
                Accept(message);
                break;
            case (MessageDirection.ServerToClient or MessageDirection.Internal, _) when message.ExchangeId is { } exchange && message.Metadata.ContainsKey(ExchangeEnd.Key):
                Abandon(exchange);
                break;
        }
    }

    /// <summary>Notes the session id and the version in the headers of the transport.</summary>
    public void ObserveTransport(string? sessionId, string? version)
    {
        HasChanges |= Learn(ref _transportVersion, version, VersionState.MaxVersionLength);
        if (Learn(ref _seenSessionId, sessionId, MaxSessionIdLength) && TransportSessionIds.ToRecordedText(_seenSessionId!) is var recorded && recorded != _transportSessionId)
        {
            _transportSessionId = recorded;
            HasChanges = true;
        }
    }

    /// <summary>Returns the current session with what was learned. Other replicas may have written to it.</summary>
    public Session ApplyTo(Session session) => session with
    {
        Boundary = _boundary,
        State = _isActive && session.State == SessionState.Initializing ? SessionState.Active : session.State,
        ClientInfo = _client ?? session.ClientInfo,
        ServerInfo = _server ?? session.ServerInfo,
        TransportSessionId = _transportSessionId ?? session.TransportSessionId,
        VersionState = Merge(session.VersionState ?? new VersionState()),
    };

    /// <summary>What was learned is written.</summary>
    public void Written()
    {
        _written = [.. _attempts];
        HasChanges = false;
    }

    private void Ask(MessageEnvelope request)
    {
        // Since 2026-07-28 every request names its version. Once that is negotiated, it is nothing new.
        if (request.ProtocolVersion is not { } version
            || request.RequestId is not { } id
            || version == _negotiated
            || _unanswered.Count == MaxUnanswered)
        {
            return;
        }

        _unanswered[(request.ExchangeId, id)] = new Question(version, request.Method!);
        _requested = version;
        _client = PeerNames.Client(request.Payload) ?? _client;
        Try(version);
    }

    private void Answer(Question question, MessageEnvelope answer)
    {
        // A server that handles a request accepts the version it names, also where handling fails. Only initialize is answered with another version.
        var isRefused = answer.Kind == MessageKind.Error && (question.IsProbe || ErrorCode.Of(answer.Payload) == UnsupportedVersion);
        if (isRefused)
        {
            Settle(new VersionAttempt(question.Version));
            return;
        }

        Agree(question, answer.ProtocolVersion ?? question.Version);
        _server = PeerNames.Server(answer.Payload) ?? _server;
    }

    /// <summary>A message that a server sends while it handles a request shows that it accepts the version of the request.</summary>
    private void Accept(MessageEnvelope message)
    {
        // On a connection, only this notification says which kind of request it belongs to.
        var (key, question) = _unanswered.FirstOrDefault(asked => message.ExchangeId is { } exchange
            ? asked.Key.Exchange == exchange
            : asked.Value.Method == Listen && message.Method == Listening);
        if (question is { IsAccepted: false, IsProbe: false })
        {
            _unanswered[key] = question with { IsAccepted = true };
            Agree(question, question.Version);
        }
    }

    private void Agree(Question question, string version)
    {
        Settle(new VersionAttempt(question.Version, version));
        _negotiated = version;
        _isActive |= question.Method != Initialize;
        if (_boundary is SessionBoundary.Connection or SessionBoundary.Handshake)
        {
            _boundary = question.Method == Initialize ? SessionBoundary.Handshake : SessionBoundary.Connection;
        }
    }

    /// <summary>Removes the requests of an exchange that ended without an answer, since the number of requests is bounded.</summary>
    private void Abandon(string exchange)
    {
        foreach (var asked in _unanswered.Keys.Where(asked => asked.Exchange == exchange).ToList())
        {
            _unanswered.Remove(asked);
        }
    }

    private void Try(string version)
    {
        HasChanges = true;
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
        HasChanges = true;
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
        // A peer may send anything. What a store does not accept is left out.
        if (seen is null || seen == known || seen.Length == 0 || seen.Length > maxLength || !seen.All(char.IsAscii) || seen.Any(char.IsControl))
        {
            return false;
        }

        known = seen;
        return true;
    }

    private sealed record Question(string Version, string Method)
    {
        /// <summary>Whether the server sent something that shows that it handles the request.</summary>
        public bool IsAccepted { get; init; }

        /// <summary>Whether the request negotiates the version, so that any error refuses it: a server of an older revision does not know the method.</summary>
        public bool IsProbe => Method is Initialize or Discover;
    }
}
