namespace Shadowcat.Sessions.Redis;

/// <summary>How long the server keeps what it needs to tell a repetition.</summary>
/// <param name="Repetition">Longer than any repetition of a call takes.</param>
/// <param name="Ended">How long it is kept that a session has ended: <see cref="RedisSessionStoreOptions.TombstoneTimeToLive"/>.</param>
internal readonly record struct RecordLifetimes(TimeSpan Repetition, TimeSpan Ended)
{
    /// <summary>A session that lives less long may end while its create is repeated: by the store, or by a buffer that waits for an outage to be over.</summary>
    public TimeSpan Brief => Repetition > Ended ? Repetition : Ended;

    public static RecordLifetimes Of(RedisTimeouts timeouts, RedisSessionStoreOptions options) => new(timeouts.Longest * 2, options.TombstoneTimeToLive);
}
