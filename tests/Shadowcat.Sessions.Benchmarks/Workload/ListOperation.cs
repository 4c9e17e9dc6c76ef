using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Lists all sessions.</summary>
internal sealed class ListOperation(ISessionStore store, int atLeast) : Operation<int>
{
    public override async ValueTask<int> CallAsync(int caller, long call)
    {
        var count = 0;
        await foreach (var _ in store.ListSessionsAsync())
        {
            count++;
        }

        return count >= atLeast ? count : throw new InvalidOperationException($"The listing has {count} sessions.");
    }
}
