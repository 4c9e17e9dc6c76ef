using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Reads all frames of a session as envelopes that own their payloads.</summary>
internal sealed class ReplayOperation(ISessionStore store, SessionId id) : Operation<long>
{
    public override async ValueTask<long> CallAsync(int caller, long call)
    {
        var bytes = 0L;
        await foreach (var frame in store.GetFramesAsync(id))
        {
            bytes += frame.Payload.Length;
        }

        return bytes;
    }
}
