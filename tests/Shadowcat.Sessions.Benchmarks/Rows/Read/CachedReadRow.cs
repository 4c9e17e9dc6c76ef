using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

/// <summary>A session that 64 callers read from copies in the process, against another cache's hit.</summary>
internal abstract class CachedReadRow : Row
{
    private const int Callers = 64;
    private const int Sessions = 1000;
    private const int CallsPerReading = 64;
    private const int MaxLooks = 1000;

    public override string Unit => "sessions/s";

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        // Round for round what is read has to be there; the default bound of a second would time the server now and then.
        using var cached = new CachedSessionStore(bench.Store, new CachedSessionStoreOptions { MaxStaleness = TimeSpan.FromHours(1) });
        var ids = await SampleSessions.CreateAsync(cached, Sessions);
        for (var looks = 0; !cached.IsCaching; looks++)
        {
            if (looks == MaxLooks)
            {
                throw new RowSkippedException("the cache receives no changes, so it keeps no copies");
            }

            await cached.GetSessionAsync(ids[0]);
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        var sessions = (await cached.GetSessionsAsync(ids)).Select(session => session!).ToArray();
        var reference = NewReference(sessions);
        using var disposing = reference as IDisposable;
        var contest = await Contest.RunAsync(new GetOperation(cached, ids, CallsPerReading), reference, Callers, bench.Pace);
        await SampleSessions.DeleteAsync(bench.Store, ids);
        return Throughput(contest);
    }

    protected abstract IRunnable NewReference(IReadOnlyList<Session> sessions);
}
