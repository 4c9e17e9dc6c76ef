namespace Shadowcat.Sessions.Redis;

/// <summary>How long the server keeps idempotency records.</summary>
/// <param name="Repetition">Longer than any repetition of a call takes.</param>
/// <param name="Ended">How long the record of a session that has ended is kept: <see cref="RedisSessionStoreOptions.TombstoneTimeToLive"/>.</param>
internal readonly record struct RecordLifetimes(TimeSpan Repetition, TimeSpan Ended)
{
    /// <summary>A session with a shorter lifetime may end while its create is repeated: by the store, or by a buffer that waits for the end of an outage.</summary>
    public TimeSpan Brief => Repetition > Ended ? Repetition : Ended;

    public static RecordLifetimes Of(RedisTimeouts timeouts, RedisSessionStoreOptions options) => new(timeouts.Longest * 2, options.TombstoneTimeToLive);
}
