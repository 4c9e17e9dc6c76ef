namespace Shadowcat.Sessions.Redis;

/// <summary>A reply that nobody waits for any more.</summary>
internal static class AbandonedReply
{
    /// <summary>Observes a reply when it comes: a failure does not surface as unobserved, and a buffer is given back.</summary>
    public static void Observe<T>(Task<T> reply) => _ = ObserveAsync(reply);

    private static async Task ObserveAsync<T>(Task<T> reply)
    {
#pragma warning disable CA1031 // The caller already has a timeout or a cancellation, and anything may still be thrown.
        try
        {
            (await reply.ConfigureAwait(false) as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // The caller has an answer already.
        }
#pragma warning restore CA1031
    }
}
