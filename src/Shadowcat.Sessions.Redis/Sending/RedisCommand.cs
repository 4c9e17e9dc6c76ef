namespace Shadowcat.Sessions.Redis;

/// <summary>A command, or several that go out together. It may be sent more than once.</summary>
internal abstract class RedisCommand
{
    /// <summary>Sends it.</summary>
    /// <returns>Completes when the answer is there, or it is certain that none comes.</returns>
    public abstract Task SendAsync(RedisTarget target);

    /// <summary>Abandons the answer to what was sent last, which nobody waits for any more.</summary>
    public abstract void Abandon();
}
