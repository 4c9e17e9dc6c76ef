namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>The ids that requests of a conversation had, each with the frame of its last request.</summary>
/// <param name="session">The session. Where it holds the exchanges of several connections, each has ids of its own.</param>
internal sealed class UsedIds(Session session)
{
    private readonly Dictionary<(MessageDirection From, string? Exchange, RequestId Id), long> _used = [];

    /// <summary>Whether ids are those of single exchanges.</summary>
    public bool AreOfExchanges { get; } = session.Boundary is SessionBoundary.Correlated or SessionBoundary.Exchange;

    /// <summary>Notes the id of a request.</summary>
    /// <returns>The frame of the request before it with the same id; null for none.</returns>
    public long? Use(Call call)
    {
        var key = (call.From, AreOfExchanges ? call.ExchangeId : null, call.Id);
        long? before = _used.TryGetValue(key, out var sequence) ? sequence : null;
        _used[key] = call.Sequence;
        return before;
    }

    /// <summary>The frame of the last request with an id; null for none.</summary>
    public long? Find(MessageDirection from, string? exchange, RequestId id) =>
        _used.TryGetValue((from, AreOfExchanges ? exchange : null, id), out var sequence) ? sequence : null;
}
