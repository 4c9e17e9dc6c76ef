namespace Shadowcat.Sessions.Redis;

/// <summary>A note on the server that this process follows a session. <c>follow-session.lua</c> writes it for a while, and again before that ends.</summary>
internal sealed class FollowInterest(SessionId id)
{
    /// <summary>How long a note is valid: also how long writers publish for a process that ended without removing it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PauseBetweenNotes = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly ListScript Script = new("follow-session", changesToken: true);

    private long _notedUntil;
    private long _noteAt;

    /// <summary>Whether writers know that the session is followed.</summary>
    public bool IsNoted => Time.GetTimestamp() < Volatile.Read(ref _notedUntil);

    /// <summary>Writes the note when it is due, unless another follower is doing so.</summary>
    /// <returns>Whether it was written now.</returns>
    /// <exception cref="SessionStoreException">It cannot be written. It is tried again a little later.</exception>
    public async ValueTask<bool> NoteAsync(RedisBackend backend, CancellationToken cancellationToken)
    {
        var now = Time.GetTimestamp();
        var noteAt = Volatile.Read(ref _noteAt);
        if (now < noteAt || Interlocked.CompareExchange(ref _noteAt, Time.Add(now, PauseAfterFailure), noteAt) != noteAt)
        {
            return false;
        }

        var isNoted = await backend.RunAsync(Operations.FollowFrames, id, NoteAsync, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _notedUntil, isNoted ? Time.Add(now, Lifetime) : 0);
        Volatile.Write(ref _noteAt, Time.Add(now, PauseBetweenNotes));
        return true;
    }

    /// <summary>Writes the note. Where there is no session, the follower finds out by itself.</summary>
    private async Task<bool> NoteAsync(RedisTarget target, RedisPartition partition) => (string?)(await Script.EvaluateAsync(
        target, partition, id, [SessionHash.Format, (long)Lifetime.TotalMilliseconds], []).ConfigureAwait(false))[0] is "followed";
}
