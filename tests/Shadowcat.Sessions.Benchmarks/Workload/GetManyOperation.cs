using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Reads several sessions by one call, ready to be used.</summary>
internal sealed class GetManyOperation(ISessionStore store, SessionId[] ids, int together) : Operation<IReadOnlyList<Session?>>
{
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override ValueTask<IReadOnlyList<Session?>> CallAsync(int caller, long call)
    {
        var first = Turns.Next(caller, _callers, call, ids.Length);
        var some = new SessionId[together];
        for (var i = 0; i < together; i++)
        {
            some[i] = ids[(first + i) % ids.Length];
        }

        return store.GetSessionsAsync(some);
    }
}
