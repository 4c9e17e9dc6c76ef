using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Deletes sessions, each with one frame.</summary>
internal sealed class DeleteOperation(Bench bench, int callsPerCaller) : Operation<bool>
{
    private SessionId[] _ids = [];

    public override long CallsPerCaller => callsPerCaller;

    public override async Task BeginRoundAsync(int callers)
    {
        _ids = await SampleSessions.CreateAsync(bench.Store, callers * callsPerCaller);
        await Task.WhenAll(_ids.Select(id => bench.Store.AddFrameAsync(Messages.Envelope(id, 0)).AsTask()));
    }

    public override async Task EndRoundAsync()
    {
        await SampleSessions.DeleteAsync(bench.Store, _ids);
        await bench.SettleAsync();
    }

    public override ValueTask<bool> CallAsync(int caller, long call) => bench.Store.DeleteSessionAsync(_ids[(caller * callsPerCaller) + (int)call]);
}
