using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Reads all frames of a session, each borrowed until the next.</summary>
internal sealed class BorrowOperation(ISessionStore store, SessionId id) : Operation<long>
{
    public override async ValueTask<long> CallAsync(int caller, long call)
    {
        var bytes = 0L;
        await foreach (var frame in store.BorrowFramesAsync(id))
        {
            bytes += frame.Payload.Length;
        }

        return bytes;
    }
}
