using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>Records the lines of a proxied conversation, each as a frame, and at its end what was asked and not answered.</summary>
/// <param name="recording">Takes the frames.</param>
internal sealed class LineRecording(SessionRecording recording)
{
    /// <summary>Since this revision a request that its client gives up counts as cancelled.</summary>
    private const string FirstThatCancelsByClosing = "2026-07-28";

    /// <summary>What the recordings of programs call it.</summary>
    private const string CancelledMethod = "recording/cancelled";

    /// <summary>In the metadata of a frame that was cut off: how long the message was.</summary>
    private const string LengthKey = "recording.length";

    /// <summary>In the metadata of a frame whose line had no line feed, for the stream ended: <c>none</c>.</summary>
    private const string TerminatorKey = "stdio.terminator";

    private readonly OpenRequests _requests = new();
    private volatile string? _version;

    /// <summary>Records that whoever receives has closed its end, so that nothing is delivered any more; not all of the last message may have been.</summary>
    public void ObserveBreak(MessageDirection direction) => recording.TryRecord(
        MessageDirection.Internal,
        default,
        direction == MessageDirection.ClientToServer ? End(ExchangeEnd.Broken, ExchangeEnd.Server) : End(ExchangeEnd.Closed, ExchangeEnd.Client));

    /// <summary>Records a line; returns at once.</summary>
    public void Observe(WireLine line)
    {
        List<KeyValuePair<string, string>> metadata = [];
        if (line.Bytes.Length < line.Length)
        {
            metadata.Add(new(LengthKey, line.Length.ToString(CultureInfo.InvariantCulture)));
        }

        if (!line.IsTerminated)
        {
            metadata.Add(new(TerminatorKey, "none"));
        }

        if (!line.IsUndelivered)
        {
            Follow(HttpMessages.Read(line.Direction, line.Bytes));
        }

        recording.TryRecord(
            line.Direction,
            line.Bytes,
            FrameMetadata.Create(metadata),
            (line.IsCut ? MessageFlags.Truncated : 0) | (line.IsUndelivered ? MessageFlags.Undelivered : 0));
    }

    /// <summary>Records how the requests of the client ended that were not answered.</summary>
    public void ObserveEnd(ProxyEnd end)
    {
        var metadata = end switch
        {
            { WasStopped: true } => End(ExchangeEnd.Stopped, ExchangeEnd.Recorder),
            { WasClientFirst: false } => End(ExchangeEnd.Broken, ExchangeEnd.Server),
            _ => End(string.CompareOrdinal(_version, FirstThatCancelsByClosing) >= 0 ? ExchangeEnd.Cancelled : ExchangeEnd.Closed, ExchangeEnd.Client),
        };
        foreach (var id in _requests.Of(MessageDirection.ClientToServer))
        {
            var gaveUp = new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = CancelledMethod,
                ["params"] = new JsonObject { ["id"] = id.Value },
            };
            recording.TryRecord(MessageDirection.Internal, Encoding.UTF8.GetBytes(gaveUp.ToJsonString()), metadata);
        }
    }

    private void Follow(MessageEnvelope message)
    {
        if (message is { Kind: MessageKind.Request, Direction: MessageDirection.ClientToServer, RequestId: { } asked })
        {
            _version = message.ProtocolVersion ?? _version;
            _requests.Ask(message.Direction, asked, exchange: "");
        }
        else if (message is { Kind: MessageKind.Response or MessageKind.Error, Direction: MessageDirection.ServerToClient, RequestId: { } answered })
        {
            _requests.Answer(MessageDirection.ClientToServer, answered, exchange: "");
        }
    }

    private static FrameMetadata End(string how, string by) => FrameMetadata.Create([new(ExchangeEnd.Key, how), new(ExchangeEnd.ByKey, by)]);
}
