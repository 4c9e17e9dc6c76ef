namespace Shadowcat.Sessions.TestKit;

/// <summary>What is left of a store that has been disposed of.</summary>
internal static class DisposedStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asserts that every member of the contract, and of each capability that the store has, throws.</summary>
    /// <param name="store">The store, or a decorator around it.</param>
    /// <param name="session">A session that is or was in it, with a version.</param>
    /// <param name="ct">Ends the test.</param>
    public static async Task AssertThrowsAsync(ISessionStore store, Session session, CancellationToken ct)
    {
        var id = session.Id;
        var calls = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
        {
            [nameof(store.CreateSessionAsync)] = async () => await store.CreateSessionAsync(Make.Session(), ct),
            [nameof(store.CreateSessionAsync) + " from a sequence"] = async () => await store.CreateSessionAsync(Make.Session(), 5, ct),
            [nameof(store.GetSessionAsync)] = async () => await store.GetSessionAsync(id, ct),
            [nameof(store.GetSessionsAsync)] = async () => await store.GetSessionsAsync([id], ct),
            [nameof(store.UpdateSessionAsync)] = async () => await store.UpdateSessionAsync(session with { Tags = ["late"] }, ct),
            [nameof(store.DeleteSessionAsync)] = async () => await store.DeleteSessionAsync(id, ct),
            [nameof(store.TouchSessionAsync)] = async () => await store.TouchSessionAsync(id, ct),
            [nameof(store.ListSessionsAsync)] = async () => await store.ListSessionsAsync(null, ct).ToListAsync(ct),
            [nameof(store.ListSessionPageAsync)] = async () => await store.ListSessionPageAsync(cancellationToken: ct),
            [nameof(store.CountSessionsAsync)] = async () => await store.CountSessionsAsync(ct),
            [nameof(store.AddFrameAsync)] = async () => await store.AddFrameAsync(Make.Frame(id), ct),
            [nameof(store.AddFramesAsync)] = async () => await store.AddFramesAsync(id, Make.Frames(id, 2), ct),
            [nameof(store.GetFramesAsync)] = async () => await store.GetFramesAsync(id, default, ct).ToListAsync(ct),
            [nameof(store.BorrowFramesAsync)] = async () => await store.BorrowFramesAsync(id, default, ct).GetAsyncEnumerator(ct).MoveNextAsync(),
            [nameof(store.FollowFramesAsync)] = async () => await store.FollowFramesAsync(id, default, ct).GetAsyncEnumerator(ct).MoveNextAsync(),
            [nameof(store.CountFramesAsync)] = async () => await store.CountFramesAsync(id, ct),
            [nameof(store.DeleteFramesAsync)] = async () => await store.DeleteFramesAsync(id, 1, ct),
            [nameof(store.DeleteFramesAsync) + ", all"] = async () => await store.DeleteFramesAsync(id, cancellationToken: ct),
            [nameof(store.ReapExpiredSessionsAsync)] = async () => await store.ReapExpiredSessionsAsync(ct),
            [nameof(store.GetService)] = () => Task.FromResult(store.GetService(typeof(SessionStoreOptions))),
        };
        Assert.Empty(typeof(ISessionStore).GetMethods().Select(static method => method.Name).Except(calls.Keys, StringComparer.Ordinal));
        if (store is ISessionStoreHealth health)
        {
            calls[nameof(health.CheckHealthAsync)] = async () => await health.CheckHealthAsync(Patience, ct);
        }

        if (store is IRepeatableAppends appends)
        {
            calls[nameof(appends.AppendAsync)] = async () => await appends.AppendAsync(Operations.AddFrame, id, [new IdempotentFrame(Make.Frame(id))], default, since: -1, ct);
        }

        if (store is ISessionChanges changes)
        {
            calls[nameof(changes.Subscribe)] = () => Task.FromResult(changes.Subscribe(new ThrowingListenerOfChanges()));
        }

        var wrong = new List<string>();
        foreach (var (name, call) in calls)
        {
            if (await Record.ExceptionAsync(call) is not ObjectDisposedException { ObjectName.Length: > 0 } and var other)
            {
                wrong.Add($"{name}: {other?.GetType().Name ?? "nothing"}");
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>Nobody calls it: a store that was disposed of subscribes nobody.</summary>
    private sealed class ThrowingListenerOfChanges : ISessionChangeListener
    {
        public void OnSubscribed() => throw new InvalidOperationException();

        public void OnInterrupted() => throw new InvalidOperationException();

        public void OnChanged(in SessionChange change) => throw new InvalidOperationException();

        public void OnActivity(in SessionActivity activity) => throw new InvalidOperationException();
    }
}
