namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks whether a handshake comes before what needs it.</summary>
/// <remarks>Only where one was recorded: revisions since 2026-07-28 have none, and a recorder over HTTP may come into a session that began before it.</remarks>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/>
internal sealed class HandshakeChecks(Session session, Findings findings) : IConversationCheck
{
    private const string Initialize = "initialize";
    private const string Initialized = "notifications/initialized";
    private const string Ping = "ping";

    /// <summary>Early messages wait until it is known whether a handshake follows.</summary>
    private readonly List<(long Sequence, string Text)> _early = [];

    private readonly bool _isOneConnection = session.Boundary is SessionBoundary.Handshake or SessionBoundary.Connection;

    private bool _isAsked;
    private bool _isAnswered;
    private bool _isInitialized;
    private long? _firstAfter;

    public void Observe(ObservedFrame observed)
    {
        var frame = observed.Frame;
        if (!_isOneConnection || frame.Kind is not (MessageKind.Request or MessageKind.Notification or MessageKind.Response or MessageKind.Error))
        {
            return;
        }

        switch (frame.Direction)
        {
            case MessageDirection.ClientToServer when frame.Kind is MessageKind.Request or MessageKind.Notification:
                ObserveClient(frame);
                break;
            case MessageDirection.ServerToClient when frame.Kind == MessageKind.Response && observed.Call?.Method == Initialize:
                _isAnswered = true;
                break;
            case MessageDirection.ServerToClient when frame is { Kind: MessageKind.Request, Method: not Ping } && _isAsked && !_isInitialized:
                findings.Add(CheckRules.MessageBeforeInitialize, frame.Sequence, $"The server asked for {frame.Method} before the client had said {Initialized}.", Severity.Warning);
                break;
        }
    }

    public void Complete()
    {
        if (_isAnswered && !_isInitialized && _firstAfter is { } first)
        {
            findings.Add(CheckRules.InitializedMissing, first, $"The client never sent {Initialized}, and went on with this request.");
        }
    }

    private void ObserveClient(MessageEnvelope frame)
    {
        if (frame.Method == Initialize)
        {
            _isAsked = true;
            foreach (var (sequence, text) in _early)
            {
                findings.Add(CheckRules.MessageBeforeInitialize, sequence, text);
            }

            _early.Clear();
        }
        else if (frame.Method == Initialized)
        {
            _isInitialized = true;
        }
        else if (frame.Method == Ping || frame.ProtocolVersion is not null)
        {
            // Allowed at any time; or it names its version, and needs no handshake.
        }
        else if (!_isAsked)
        {
            if (_early.Count < Findings.MaxPerRule)
            {
                _early.Add((frame.Sequence, $"The client sent {frame.Method} before initialize."));
            }
        }
        else if (!_isAnswered && frame.Kind == MessageKind.Request)
        {
            findings.Add(CheckRules.MessageBeforeInitialize, frame.Sequence, $"The client asked for {frame.Method} before initialize was answered.", Severity.Warning);
        }
        else if (frame.Kind == MessageKind.Request)
        {
            _firstAfter ??= frame.Sequence;
        }
    }
}
