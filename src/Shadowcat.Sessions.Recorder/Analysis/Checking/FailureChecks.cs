using System.Globalization;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks for what failed: errors, tools that say so, HTTP statuses and connections.</summary>
internal sealed class FailureChecks(Findings findings) : IConversationCheck
{
    private const int UnsupportedVersion = -32022;
    private const int FirstFailure = 400;
    private const int FirstOfServer = 500;

    public void Observe(ObservedFrame observed)
    {
        var frame = observed.Frame;
        if (frame.Direction != MessageDirection.Internal && frame.Kind == MessageKind.Error)
        {
            ObserveError(frame, observed.Call);
        }
        else if (frame.Direction != MessageDirection.Internal && frame.Kind == MessageKind.Response)
        {
            if (observed.Call?.Method == "tools/call" && MessageFields.IsTrue(frame.Payload.Span, "result"u8, "isError"u8))
            {
                findings.Add(CheckRules.ToolError, frame.Sequence, $"{observed.Call.Title} (#{observed.Call.Sequence}) says that it failed.");
            }
        }
        else if (frame.Metadata.TryGetValue(ExchangeEnd.Key, out var how))
        {
            ObserveEnd(observed, how);
        }
    }

    public void Complete()
    {
        // Each failure speaks for itself.
    }

    private void ObserveError(MessageEnvelope frame, Call? call)
    {
        var code = MessageFields.Number(frame.Payload.Span, "error"u8, "code"u8);
        var text = MessageFields.Text(frame.Payload.Span, "error"u8, "message"u8);
        var what = $"{(call is null ? "An error" : $"{call.Title} (#{call.Sequence}) was answered with the error")} {(code is { } number ? number.ToString(CultureInfo.InvariantCulture) : "of no code")}{(text is null ? "." : $": {text}")}";
        if (code == UnsupportedVersion || call?.Method == "initialize")
        {
            findings.Add(CheckRules.VersionRefused, frame.Sequence, what, call?.Method == "initialize" ? Severity.Error : null);
        }
        else if (call?.Method == "server/discover")
        {
            // So a server of an older revision says that it is one.
            findings.Add(CheckRules.VersionRefused, frame.Sequence, what, Severity.Note);
        }
        else
        {
            findings.Add(CheckRules.ErrorAnswer, frame.Sequence, what);
        }
    }

    private void ObserveEnd(ObservedFrame observed, string how)
    {
        var frame = observed.Frame;
        if (frame.Metadata.TryGetValue(HttpMessages.StatusKey, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && status >= FirstFailure)
        {
            var asked = observed.Ended is [var call, ..] ? $"{call.Title} (#{call.Sequence})" : frame.Metadata.TryGetValue(HttpMessages.MethodKey, out var method) ? method : "A request";
            findings.Add(CheckRules.HttpError, frame.Sequence, $"{asked} was answered with HTTP {status} and no message.", SeverityOf(status));
        }
        else if (how is ExchangeEnd.Broken or ExchangeEnd.Unreachable && observed.Ended.Count == 0)
        {
            findings.Add(
                CheckRules.BrokenExchange,
                frame.Sequence,
                how == ExchangeEnd.Unreachable ? "The server could not be reached." : $"The connection broke, by the {frame.Metadata.GetValueOrDefault(ExchangeEnd.ByKey, "other side")}.");
        }
    }

    /// <summary>401 begins the authorization of a client, and 405 says that a server has no stream of its own.</summary>
    private static Severity SeverityOf(int status) => status is 401 or 405 ? Severity.Note : status >= FirstOfServer ? Severity.Error : Severity.Warning;
}
