namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>Makes the stores of one test. All of them keep their sessions in one backend, which no other test sees.</summary>
public interface IStoreHarness : IAsyncDisposable
{
    /// <summary>False where what is stored is larger than what was given, so that no test can count on where exactly a bound of the options lies.</summary>
    bool KeepsSizes => true;

    /// <summary>The operation that errors of a member name: the member, or the one that its default is made of.</summary>
    string NameOf(string member) => member;

    /// <summary>Makes a store as another process would. Where the backend is the store itself, in memory, it is made once and every call returns it.</summary>
    ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null);

    /// <summary>What the store's clock says.</summary>
    ValueTask<DateTimeOffset> NowAsync();

    /// <summary>Comes back when the store's clock is that much further.</summary>
    Task ElapseAsync(TimeSpan time);

    /// <summary>Comes back when each store has had the time to learn what was done through another one, where a store may take some: what is written through a store, it knows at once.</summary>
    Task CatchUpAsync() => Task.CompletedTask;

    /// <summary>What the backend holds that belongs to some session: names of keys, to be shown by a failing test.</summary>
    ValueTask<IReadOnlyCollection<string>> LeftoversAsync();
}
