namespace Shadowcat.Sessions.Redis;

/// <summary>A command, or several that go out together. It may be sent more than once.</summary>
internal abstract class RedisCommand
{
    /// <summary>Sends it.</summary>
    /// <returns>Completes when the answer is there, or it is certain that none comes.</returns>
    public abstract Task SendAsync(RedisTarget target);

    /// <summary>Sees to it that what still comes of a try that nobody waits for neither surfaces as unobserved nor keeps a buffer.</summary>
    public abstract void Forget();

    /// <summary>As <see cref="Forget()"/>, for one reply.</summary>
    public static async Task ForgetAsync<T>(Task<T> reply)
    {
#pragma warning disable CA1031 // Whoever called was told that the outcome is unknown, and anything may still be thrown.
        try
        {
            (await reply.ConfigureAwait(false) as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // The caller has had an answer.
        }
#pragma warning restore CA1031
    }
}
