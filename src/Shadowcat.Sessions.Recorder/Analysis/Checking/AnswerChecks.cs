namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks for answers that nobody asked for, that come twice, late, or after all.</summary>
internal sealed class AnswerChecks(UsedIds ids, RecordingChecks recording, TimeSpan slow, Findings findings) : IConversationCheck
{
    /// <summary>These wait for something to happen, or for a person.</summary>
    private static readonly HashSet<string> Waiting = new(StringComparer.Ordinal) { "subscriptions/listen", "tasks/result", "elicitation/create", "sampling/createMessage" };

    private readonly Dictionary<(MessageDirection From, string Exchange), long> _notifications = [];
    private readonly Dictionary<MessageDirection, (MessageKind Kind, long Sequence)> _lastOf = [];

    public void Observe(ObservedFrame observed)
    {
        var frame = observed.Frame;
        if (frame.Direction == MessageDirection.Internal)
        {
            return;
        }

        if (observed.IsAnswer)
        {
            if (observed.Call is { } call)
            {
                CheckInTime(call, frame);
            }
            else if (frame.Kind == MessageKind.Error && frame.RequestId is null)
            {
                CheckWithoutId(frame);
            }
            else
            {
                CheckUnasked(frame);
            }
        }
        else if (frame is { Kind: MessageKind.Notification, ExchangeId: { } exchange })
        {
            _notifications[(frame.Direction, exchange)] = frame.Sequence;
        }

        _lastOf[frame.Direction] = (frame.Kind, frame.Sequence);
    }

    public void Complete()
    {
        // Each answer speaks for itself.
    }

    private void CheckInTime(Call call, MessageEnvelope answer)
    {
        if (call.CancelledAt is { } cancelled)
        {
            findings.Add(CheckRules.AnswerAfterCancel, answer.Sequence, $"{call.Title} (#{call.Sequence}) was cancelled by #{cancelled} and answered all the same.");
        }

        var duration = answer.Timestamp - call.At;
        if (duration > slow && !Waiting.Contains(call.Method))
        {
            findings.Add(CheckRules.SlowAnswer, answer.Sequence, FormattableString.Invariant($"{call.Title} (#{call.Sequence}) was answered after {duration.TotalSeconds:0.0} s."));
        }
    }

    /// <summary>An error without an id answers what could not be read; where all could be, it answers what asks for nothing.</summary>
    private void CheckWithoutId(MessageEnvelope answer)
    {
        if (!_lastOf.TryGetValue(Calls.Other(answer.Direction), out var last))
        {
            findings.Add(CheckRules.AnswerWithoutRequest, answer.Sequence, $"{Sides.SenderAtStart(answer.Direction)} sent an error without an id, and nothing was asked before.");
        }
        else if (last.Kind == MessageKind.Notification)
        {
            findings.Add(CheckRules.AnsweredNotification, answer.Sequence, $"{Sides.SenderAtStart(answer.Direction)} answered the notification #{last.Sequence} with an error.");
        }
    }

    private void CheckUnasked(MessageEnvelope answer)
    {
        var asker = Calls.Other(answer.Direction);
        var id = answer.RequestId!.Value;
        if (ids.Find(asker, answer.ExchangeId, id) is { } request)
        {
            findings.Add(CheckRules.SecondAnswer, answer.Sequence, $"The request {id} (#{request}) has an answer already.");
        }
        else if (answer.ExchangeId is { } exchange && _notifications.TryGetValue((asker, exchange), out var notification))
        {
            findings.Add(CheckRules.AnsweredNotification, answer.Sequence, $"{Sides.SenderAtStart(answer.Direction)} answered the notification #{notification}.");
        }
        else
        {
            findings.Add(
                CheckRules.AnswerWithoutRequest,
                answer.Sequence,
                $"{Sides.SenderAtStart(answer.Direction)} answered the request {id}, which is not in the recording.",
                recording.HasGaps ? Severity.Note : null);
        }
    }
}
