namespace Shadowcat.Sessions;

/// <summary>How long the server keeps what it needs to tell a repetition.</summary>
/// <param name="Repetition">Longer than any repetition of a call takes.</param>
/// <param name="Ended">How long it is kept that a session has ended: <see cref="RedisSessionStoreOptions.TombstoneTimeToLive"/>.</param>
internal readonly record struct RecordLifetimes(TimeSpan Repetition, TimeSpan Ended)
{
    public static RecordLifetimes Of(RedisTimeouts timeouts, RedisSessionStoreOptions options) => new(timeouts.Longest * 2, options.TombstoneTimeToLive);
}
