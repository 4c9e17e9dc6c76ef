using ProtocolRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>What the recorded server said of its own accord, its notifications and requests: each is said once, in order, and not before its time.</summary>
internal sealed class ServerSpeech(RecordedMessages messages)
{
    private readonly Lock _lock = new();

    /// <summary>The requests that were said and that the recorded client answered, until the client of now does.</summary>
    private readonly Dictionary<(bool IsNumber, string Id), (int Answer, TaskCompletionSource Answered)> _asked = [];

    private int _next;

    /// <summary>Takes the next message before a place in the recording.</summary>
    /// <param name="end">The place.</param>
    /// <param name="message">The message's place.</param>
    /// <param name="answered">What has to be awaited first: the client had answered something before it, or before <paramref name="end"/>. Null where nothing is left to say.</param>
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

    /// <summary>Notes that a message could not be said, so that nobody will answer it.</summary>
    public void NoteUnsaid(int message)
    {
        if (messages[message].Id is { } id)
        {
            Answered(OddIds.AsRead(id));
        }
    }

    /// <summary>The place of the next thing the client said in the recording, after a place; the end where there is none.</summary>
    public int NextOfClient(int place)
    {
        do
        {
            place++;
        }
        while (place < messages.Count && messages[place].Direction != MessageDirection.ClientToServer);

        return place;
    }

    /// <summary>The place of the next thing after a place that the server did not say of its own accord; the end where there is none.</summary>
    public int NextOther(int place)
    {
        do
        {
            place++;
        }
        while (place < messages.Count && IsOfItsOwn(place));

        return place;
    }

    private bool IsOfItsOwn(int place) =>
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
        while (next < end && !IsOfItsOwn(next))
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
