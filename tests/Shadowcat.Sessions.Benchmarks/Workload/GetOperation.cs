using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Reads a session, ready to be used.</summary>
/// <param name="store">The store.</param>
/// <param name="ids">The sessions.</param>
/// <param name="callsPerReading">More than one where they are answered from a cache.</param>
internal sealed class GetOperation(ISessionStore store, SessionId[] ids, int callsPerReading = 1) : Operation<Session?>
{
    private int _callers;

    public override int CallsPerReading => callsPerReading;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override ValueTask<Session?> CallAsync(int caller, long call) => store.GetSessionAsync(ids[Turns.Next(caller, _callers, call, ids.Length)]);
}
