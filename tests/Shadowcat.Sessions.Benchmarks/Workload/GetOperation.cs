using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Reads a session, ready to be used.</summary>
/// <param name="store">The store.</param>
/// <param name="ids">The sessions.</param>
internal sealed class GetOperation(ISessionStore store, SessionId[] ids) : Operation<Session?>
{
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override ValueTask<Session?> CallAsync(int caller, long call) => store.GetSessionAsync(ids[Turns.Next(caller, _callers, call, ids.Length)]);
}
