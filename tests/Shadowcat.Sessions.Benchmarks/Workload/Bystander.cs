using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Another caller who reads one session again and again while something else goes on.</summary>
internal sealed class Bystander(ISessionStore store, SessionId id, Func<Task> meanwhile) : Operation<Session?>
{
    private volatile bool _over;
    private Task _meanwhile = Task.CompletedTask;

    public override long CallsPerCaller => _over ? 0 : long.MaxValue;

    public override Task BeginRoundAsync(int callers)
    {
        _over = false;
        _meanwhile = Task.Run(async () =>
        {
            try
            {
                await meanwhile();
            }
            finally
            {
                _over = true;
            }
        });
        return Task.CompletedTask;
    }

    public override Task EndRoundAsync() => _meanwhile;

    public override ValueTask<Session?> CallAsync(int caller, long call) => store.GetSessionAsync(id);
}
