using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks for requests that were never answered, and for ids that were used again.</summary>
internal sealed class RequestChecks(Session session, Calls calls, UsedIds ids, RecordingChecks recording, Findings findings) : IConversationCheck
{
    /// <summary>It is answered when the subscription ends, which it need not.</summary>
    private const string Listen = "subscriptions/listen";

    public void Observe(ObservedFrame observed)
    {
        if (observed is not { Frame.Kind: MessageKind.Request, Call: { } call })
        {
            return;
        }

        var before = ids.Use(call);
        if ((ids.AreOfExchanges ? call.Earlier : calls.OtherOpen(call)) is { } open)
        {
            findings.Add(CheckRules.ReusedRequestId, call.Sequence, $"{call.Title} has the id {call.Id} of {open.Title} (#{open.Sequence}), which still waits for its answer.");
        }
        else if (before is { } earlier && !ProtocolRevisions.HasNoHandshake(call.Version))
        {
            findings.Add(CheckRules.ReusedRequestId, call.Sequence, $"{call.Title} has the id {call.Id}, which the request #{earlier} had before it.");
        }
    }

    public void Complete()
    {
        foreach (var call in calls.Open.OrderBy(static call => call.Sequence))
        {
            Complete(call);
        }
    }

    private void Complete(Call call)
    {
        if (call.CancelledAt is not null || (call.Method == Listen && call.End is null or ExchangeEnd.Closed or ExchangeEnd.Stopped))
        {
            return;
        }

        // Null is what needs no word: a request that was cancelled, or whose status was said where it came.
        (string How, Severity Severity)? end = call.End switch
        {
            ExchangeEnd.Cancelled => null,
            ExchangeEnd.Answered when call.HasFailed => null,
            ExchangeEnd.Answered => ("the server sent an HTTP status and no message", Severity.Error),
            ExchangeEnd.Closed => ("the client left before the answer", Severity.Warning),
            ExchangeEnd.Stopped => ("the recorder was stopped before the answer", Severity.Note),
            ExchangeEnd.Unanswered => ("the server ended its stream without an answer", Severity.Error),
            ExchangeEnd.Broken => ($"the connection broke{By(call)}", Severity.Error),
            ExchangeEnd.Unreachable => ("the server could not be reached", Severity.Error),
            { } other => ($"the exchange ended: {other}{By(call)}", Severity.Error),
            null when !session.IsClosed => ("the recording is not closed yet", Severity.Warning),
            null => ("the recording says nothing of it", recording.HasGaps ? Severity.Warning : Severity.Error),
        };
        if (end is { } found)
        {
            findings.Add(CheckRules.RequestWithoutAnswer, call.Sequence, $"{call.Title} was not answered: {found.How}.", found.Severity);
        }
    }

    private static string By(Call call) => call.EndedBy is { } by ? $" (by the {by})" : "";
}
