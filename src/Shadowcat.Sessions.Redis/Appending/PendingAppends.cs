using System.Diagnostics.CodeAnalysis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The appends of one session that wait to be sent, in their order. They are linked with each other, so that a session which is seldom appended to needs no queue of its own.</summary>
internal struct PendingAppends
{
    private PendingAppend? _first;
    private PendingAppend? _last;

    public readonly bool IsEmpty => _first is null;

    public readonly bool TryPeek([NotNullWhen(true)] out PendingAppend? append) => (append = _first) is not null;

    public void Enqueue(PendingAppend append)
    {
        append.Next = null;
        if (_last is null)
        {
            _first = append;
        }
        else
        {
            _last.Next = append;
        }

        _last = append;
    }

    /// <summary>Takes the first, which there has to be.</summary>
    public PendingAppend Dequeue()
    {
        var append = _first!;
        _first = append.Next;
        append.Next = null;
        if (_first is null)
        {
            _last = null;
        }

        return append;
    }

    /// <summary>Fails the appends whose time is up, and all of them where the circuit is open.</summary>
    public readonly void EndUnsent(long now, RedisCircuit circuit)
    {
        for (var append = _first; append is not null; append = append.Next)
        {
            append.EndUnsent(now, circuit);
        }
    }
}
