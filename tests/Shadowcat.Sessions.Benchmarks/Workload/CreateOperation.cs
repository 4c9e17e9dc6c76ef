using System.Collections.Concurrent;
using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Creates sessions. They are deleted when the round has ended.</summary>
internal sealed class CreateOperation(Bench bench) : Operation<Session>
{
    private readonly ConcurrentBag<SessionId> _ids = [];

    public override async Task EndRoundAsync()
    {
        await SampleSessions.DeleteAsync(bench.Store, [.. _ids]);
        await bench.SettleAsync();
        _ids.Clear();
    }

    public override ValueTask<Session> CallAsync(int caller, long call)
    {
        var session = SampleSessions.New();
        _ids.Add(session.Id);
        return bench.Store.CreateSessionAsync(session);
    }
}
