using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Notes activity of a session.</summary>
internal sealed class TouchOperation(ISessionStore store, SessionId[] ids) : Operation<bool>
{
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override ValueTask<bool> CallAsync(int caller, long call) => store.TouchSessionAsync(ids[Turns.Next(caller, _callers, call, ids.Length)]);
}
