using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Latency;

/// <summary>Every operation of the store whose latency is asked for.</summary>
internal static class StoreOperations
{
    private const int Few = 10;
    private const int Page = 100;
    private const int Once = 150;

    public static IEnumerable<StoreCalls> All(Bench bench)
    {
        yield return new(bench, "create", CreateAsync);
        yield return new(bench, "get", async (store, calls, i) => await store.GetSessionAsync(calls.Sessions[i].Id));
        yield return new(bench, "get many (10)", GetManyAsync, reads: Few);
        yield return new(bench, "update", UpdateAsync, once: Once);
        yield return new(bench, "touch", async (store, calls, i) => await store.TouchSessionAsync(calls.Sessions[i].Id));
        yield return new(bench, "append", async (store, calls, i) => await store.AddFrameAsync(calls.Frames[i][0]));
        yield return new(bench, "append batch (10)", async (store, calls, i) => await store.AddFramesAsync(calls.Sessions[i].Id, calls.Frames[i]));
        yield return new(bench, "get frames (last 10)", GetFramesAsync, frames: 100);
        yield return new(bench, "count frames", async (store, calls, i) => await store.CountFramesAsync(calls.Sessions[i].Id), frames: Few);
        yield return new(bench, "count sessions", async (store, _, _) => await store.CountSessionsAsync());
        yield return new(bench, "list page (100)", async (store, _, _) => await store.ListSessionPageAsync(pageSize: Page), reads: Page);
        yield return new(bench, "delete frames", async (store, calls, i) => await store.DeleteFramesAsync(calls.Sessions[i].Id), frames: Few, once: Once);
        yield return new(bench, "delete", async (store, calls, i) => await store.DeleteSessionAsync(calls.Sessions[i].Id), frames: Few, once: Once);
    }

    /// <summary>What it creates goes when the run ends.</summary>
    private static async ValueTask CreateAsync(ISessionStore store, StoreCalls calls, int i) => await store.CreateSessionAsync(SampleSessions.New());

    private static async ValueTask GetManyAsync(ISessionStore store, StoreCalls calls, int i)
    {
        var ids = new SessionId[Few];
        for (var j = 0; j < Few; j++)
        {
            ids[j] = calls.Sessions[(i + j) % calls.Sessions.Length].Id;
        }

        await store.GetSessionsAsync(ids);
    }

    private static async ValueTask UpdateAsync(ISessionStore store, StoreCalls calls, int i) =>
        await store.UpdateSessionAsync(calls.Sessions[i].AsClosed(SessionStatus.Completed));

    private static async ValueTask GetFramesAsync(ISessionStore store, StoreCalls calls, int i)
    {
        await foreach (var _ in store.GetFramesAsync(calls.Sessions[i].Id, FrameRange.Last(Few)))
        {
            // Reading them is what is measured.
        }
    }
}
