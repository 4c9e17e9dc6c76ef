using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Benchmarks.Measuring;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>The least that a replay from a list costs: pieces of it, the next two on their way, each event parsed and given its id. Nobody asks whose it is, or whether it is still the same list.</summary>
internal sealed class BareReplay(IDatabase database, RedisKey list, EventId first, int events) : Operation<long>
{
    private const int Piece = 128;
    private const int Ahead = 2;

    private readonly StoredTextDecoder _decoder = new();

    public override async ValueTask<long> CallAsync(int caller, long call)
    {
        var found = 0L;
        var begin = first.Sequence + 1;
        var next = begin;
        Queue<(long First, Task<RespResult> Reply)> pieces = new();
        do
        {
            while (pieces.Count < Ahead && next < begin + events)
            {
                pieces.Enqueue((next, database.ExecuteRespAsync("LRANGE", (RedisKeyOrValue[])[list, (RedisValue)next, (RedisValue)(next + Piece - 1)], CommandFlags.NoRedirect)));
                next += Piece;
            }

            var piece = pieces.Dequeue();
            found += Read(piece.First, await piece.Reply.ConfigureAwait(false));
        }
        while (pieces.Count > 0 || next < begin + events);

        return found;
    }

    private long Read(long firstOfPage, RespResult reply)
    {
        using var page = new RedisFramePage(firstOfPage, reply.Read().AggregateLength(), hasBefore: false, reply);
        var found = 0L;
        for (var i = 0; i < page.Count; i++)
        {
            var frame = new FrameReader(page[i]).Borrow(default, page.First + i, _decoder);
            if (!frame.Payload.IsEmpty)
            {
                KeepAlive(StoredMessage.Read(frame.Payload), (first with { Sequence = page.First + i }).ToString());
                found++;
            }
        }

        return found;
    }

    private static void KeepAlive(JsonRpcMessage? message, string id)
    {
        GC.KeepAlive(message);
        GC.KeepAlive(id);
    }
}
