namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks at the protocol versions that are named: none, another one, or one that nobody published.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning"/>
internal sealed class VersionChecks(Findings findings) : IConversationCheck
{
    private const int MaxNoted = 100;
    private const string Ping = "ping";

    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);

    private long? _firstRequest;
    private string? _firstTitle;
    private bool _isNamed;
    private bool _isWithoutHandshake;

    public void Observe(ObservedFrame observed)
    {
        var frame = observed.Frame;
        if (frame.Direction == MessageDirection.Internal)
        {
            return;
        }

        ObserveVersion(frame.ProtocolVersion, frame.Sequence);
        ObserveVersion(frame.Metadata.GetValueOrDefault(HeaderChecks.VersionKey), frame.Sequence);
        if (frame is { Kind: MessageKind.Request, Direction: MessageDirection.ClientToServer, Method: not (null or Ping) })
        {
            ObserveRequest(frame);
        }
        else if (observed is { Call: { From: MessageDirection.ClientToServer } call, Frame.Kind: MessageKind.Response })
        {
            ObserveAnswer(call, frame);
        }
    }

    public void Complete()
    {
        if (!_isNamed && _firstRequest is { } first)
        {
            findings.Add(CheckRules.VersionNotNegotiated, first, $"{_firstTitle} is the first request, and neither side ever named a protocol version.");
        }
    }

    private void ObserveRequest(MessageEnvelope request)
    {
        if (_firstRequest is null)
        {
            (_firstRequest, _firstTitle) = (request.Sequence, request.Method);
        }

        if (_isWithoutHandshake && request.ProtocolVersion is null && request.Method != "initialize")
        {
            findings.Add(CheckRules.VersionMissing, request.Sequence, $"{request.Method} names no version, which every request does since {ProtocolRevisions.FirstWithoutHandshake}.");
        }
    }

    private void ObserveAnswer(Call call, MessageEnvelope answer)
    {
        if (call.Method != "initialize")
        {
            _isWithoutHandshake |= ProtocolRevisions.HasNoHandshake(call.Version);
            return;
        }

        _isWithoutHandshake = false;
        if (call.Version is null || answer.ProtocolVersion is null)
        {
            findings.Add(CheckRules.VersionNotNegotiated, answer.Sequence, $"{(call.Version is null ? "The client" : "The server")} named no protocol version in initialize.");
        }
        else if (answer.ProtocolVersion != call.Version)
        {
            findings.Add(CheckRules.VersionChanged, answer.Sequence, $"The client asked for {call.Version}, and the server answered {answer.ProtocolVersion}.");
        }
    }

    private void ObserveVersion(string? version, long sequence)
    {
        if (version is null)
        {
            return;
        }

        _isNamed = true;
        if (!ProtocolRevisions.IsKnown(version) && _unknown.Count < MaxNoted && _unknown.Add(version))
        {
            findings.Add(CheckRules.UnknownRevision, sequence, $"{version} is no published revision of MCP.");
        }
    }
}
