using System.Diagnostics.CodeAnalysis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The appends of one session that wait to be sent, in their order. They are linked with each other, so that a session which is appended to now and then costs no memory of its own to look at.</summary>
internal struct WaitingAppends
{
    private PendingAppend? _first;
    private PendingAppend? _last;

    public readonly bool IsEmpty => _first is null;

    public readonly bool TryPeek([NotNullWhen(true)] out PendingAppend? append) => (append = _first) is not null;

    public void Enqueue(PendingAppend append)
    {
        append.Behind = null;
        if (_last is null)
        {
            _first = append;
        }
        else
        {
            _last.Behind = append;
        }

        _last = append;
    }

    /// <summary>Takes the first, which there has to be.</summary>
    public PendingAppend Dequeue()
    {
        var append = _first!;
        _first = append.Behind;
        append.Behind = null;
        if (_first is null)
        {
            _last = null;
        }

        return append;
    }

    /// <summary>Tells those whose time is up, and all where it is known that the server does not answer.</summary>
    public readonly void EndUnsent(long now, RedisCircuit circuit)
    {
        for (var append = _first; append is not null; append = append.Behind)
        {
            append.EndUnsent(now, circuit);
        }
    }
}
