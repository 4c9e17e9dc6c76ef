
namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>The requests of a conversation that were not answered yet, and the exchanges they belong to: an answer may come over another connection than its request.</summary>
internal sealed class OpenRequests
{
    /// <summary>Beyond it the oldest is forgotten: many are never answered.</summary>
    private const int MaxOpen = 1024;

    private readonly Lock _lock = new();
    private readonly List<(MessageDirection From, RequestId Id, string Exchange)> _open = [];

    /// <summary>Notes a request.</summary>
    public void Ask(MessageDirection from, RequestId id, string exchange)
    {
        lock (_lock)
        {
            if (_open.Count == MaxOpen)
            {
                _open.RemoveAt(0);
            }

            _open.Add((from, id, exchange));
        }
    }

    /// <summary>The requests of a side that were not answered, in their order.</summary>
    public IReadOnlyList<RequestId> Of(MessageDirection from)
    {
        lock (_lock)
        {
            return [.. _open.Where(open => open.From == from).Select(open => open.Id)];
        }
    }

    /// <summary>The exchange that an answer belongs to: its own where the request is of it; else that of the only request with its id. Where there are several, it is nobody's to choose.</summary>
    /// <param name="to">Which way the request went.</param>
    /// <param name="id">Its id.</param>
    /// <param name="exchange">The exchange that the answer came in.</param>
    public string Answer(MessageDirection to, RequestId id, string exchange)
    {
        lock (_lock)
        {
            var own = _open.FindLastIndex(open => open.From == to && open.Id == id && open.Exchange == exchange);
            if (own < 0)
            {
                own = _open.FindIndex(open => open.From == to && open.Id == id);
                if (own < 0 || _open.FindLastIndex(open => open.From == to && open.Id == id) != own)
                {
                    return exchange;
                }
            }

            exchange = _open[own].Exchange;
            _open.RemoveAt(own);
            return exchange;
        }
    }
}
