using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Reads a session by the command that a store sends, as an operation that is measured or past what measures.</summary>
internal sealed class BackendGet(RedisBackend backend, SessionId[] ids, bool measured) : Operation<Session?>
{
    private int _callers;

    public override Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        return Task.CompletedTask;
    }

    public override ValueTask<Session?> CallAsync(int caller, long call)
    {
        var id = ids[Turns.Next(caller, _callers, call, ids.Length)];
        var command = new GetSession(id);
        return measured
            ? backend.RunAsync(Operations.GetSession, id, command, CancellationToken.None)
            : backend.RunAsync(backend.NewCall(Operations.GetSession, id), command, CancellationToken.None);
    }
}
