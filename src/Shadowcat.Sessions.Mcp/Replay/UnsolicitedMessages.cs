using ProtocolRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The messages of the recorded server that answer no request: its notifications and its own requests. Each is sent once, in order, and not before what it followed in the recording.</summary>
internal sealed class UnsolicitedMessages(RecordedMessages messages)
{
    private readonly Lock _lock = new();

    /// <summary>The requests that were sent and that the recorded client answered, until the connected client answers them.</summary>
    private readonly Dictionary<(bool IsNumber, string Id), (int Answer, TaskCompletionSource Answered)> _asked = [];

    private int _next;

    /// <summary>Takes the next message before a place in the recording.</summary>
    /// <param name="end">The place.</param>
    /// <param name="message">The message's place.</param>
    /// <param name="answered">What has to be awaited first: the recorded client had answered a request before the message, or before <paramref name="end"/>. Null where no message is left.</param>
    public bool TryTake(int end, out int message, out Task? answered)
    {
        lock (_lock)
        {
            message = Next(end);
            answered = Unanswered(before: message)?.Task;
            if (answered is not null || message == end)
            {
                return false;
            }

            Take(message);
            return true;
        }
    }

    /// <summary>Notes that the client answered a request of the server.</summary>
    /// <returns>The place of the recorded answer; null where none was awaited.</returns>
    public int? NoteAnswer(ProtocolRequestId id) => Answered((id.Id is long, id.ToString()));

    /// <summary>Notes that a message could not be sent, so that nobody will answer it.</summary>
    public void NoteUnsent(int message)
    {
        if (messages[message].Id is { } id)
        {
            Answered(OddIds.AsRead(id));
        }
    }

    /// <summary>The place of the next message of the client behind a place; the end where there is none.</summary>
    public int NextOfClient(int place)
    {
        do
        {
            place++;
        }
        while (place < messages.Count && messages[place].Direction != MessageDirection.ClientToServer);

        return place;
    }

    /// <summary>The place of the next message behind a place that is not unsolicited; the end where there is none.</summary>
    public int NextOther(int place)
    {
        do
        {
            place++;
        }
        while (place < messages.Count && IsUnsolicited(place));

        return place;
    }

    private bool IsUnsolicited(int place) =>
        messages[place].Direction == MessageDirection.ServerToClient && messages[place].Kind is MessageKind.Notification or MessageKind.Request;

    private int? Answered((bool IsNumber, string Id) id)
    {
        lock (_lock)
        {
            if (!_asked.Remove(id, out var asked))
            {
                return null;
            }

            asked.Answered.SetResult();
            return asked.Answer;
        }
    }

    private int Next(int end)
    {
        var next = Math.Min(_next, end);
        while (next < end && !IsUnsolicited(next))
        {
            next++;
        }

        return next;
    }

    private TaskCompletionSource? Unanswered(int before) =>
        _asked.Values.Where(asked => asked.Answer < before).Select(asked => asked.Answered).FirstOrDefault();

    private void Take(int message)
    {
        _next = message + 1;
        if (messages[message] is { Kind: MessageKind.Request, Id: { } id } && messages.AnswerTo(message) is { } answer)
        {
            _asked[OddIds.AsRead(id)] = (answer, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }
}
