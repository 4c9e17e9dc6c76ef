using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Counts the live sessions, exactly.</summary>
internal sealed class CountOperation(ISessionStore store) : Operation<long>
{
    public override ValueTask<long> CallAsync(int caller, long call) => store.CountSessionsAsync();
}
