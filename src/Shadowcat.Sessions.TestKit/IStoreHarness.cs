namespace Shadowcat.Sessions.TestKit;

/// <summary>Makes the stores of one test. All of them keep their sessions in one backend, which no other test sees.</summary>
/// <remarks>
/// <para><see cref="CreateStoreAsync"/> and <see cref="IAsyncDisposable.DisposeAsync"/> are all that has to be written for a store that goes by the clock of the system. A test then waits some ten
/// milliseconds for a session to expire.</para>
/// <para>A store that takes a <see cref="TimeProvider"/> is tested faster with a clock that <see cref="ElapseAsync"/> moves; then <see cref="NowAsync"/> says what that clock says.</para>
/// </remarks>
public interface IStoreHarness : IAsyncDisposable
{
    /// <summary>Makes a store as another process would. Where the backend is the store itself, as in memory, it is made once and every call returns it.</summary>
    /// <param name="options">The options that the store goes by; null for their defaults. Stores of one test may have different ones.</param>
    /// <param name="listeners">Whom the store notifies of sessions that expired; null for nobody.</param>
    /// <returns>The store, of the type that <see cref="StoreUnderTestAttribute"/> names. The harness disposes of it where that is needed.</returns>
    ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null);

    /// <summary>The operation that errors of a member name.</summary>
    /// <param name="operation">One of <see cref="Operations"/>: the member that was called, or the one that its default calls.</param>
    /// <returns>By default, the same. A decorator around a store that leaves <see cref="ISessionStore.AddFrameAsync"/> to its default says <see cref="Operations.AddFrames"/> of it.</returns>
    string NameOf(string operation) => operation;

    /// <summary>What the store's clock says.</summary>
    /// <returns>By default, the time of the system.</returns>
    ValueTask<DateTimeOffset> NowAsync() => ValueTask.FromResult(TimeProvider.System.GetUtcNow());

    /// <summary>Comes back when the store's clock is that much further.</summary>
    /// <param name="time">How much.</param>
    /// <returns>A task that completes then. By default, it waits for so long.</returns>
    Task ElapseAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    /// <summary>Comes back when each store has had the time to learn what was done through another one, where a store may take some: what is written through a store, it knows at once.</summary>
    /// <returns>A task that completes then. By default, at once.</returns>
    Task CatchUpAsync() => Task.CompletedTask;

    /// <summary>What the backend holds that belongs to some session.</summary>
    /// <returns>Names of it, such as keys, to be shown by a failing test. By default none: then no test can see what a store leaves behind.</returns>
    ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => ValueTask.FromResult<IReadOnlyCollection<string>>([]);
}
