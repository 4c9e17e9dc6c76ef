using System.Globalization;

namespace Shadowcat.Sessions;

/// <summary>The names of what is found of a store, for <see cref="SessionStoreHealth.Facts"/>, and how it is said.</summary>
public static class HealthFacts
{
    /// <summary>The kind of store: the name of <see cref="StoreAddress.System"/>.</summary>
    public const string Store = "store";

    /// <summary>Whether it answers.</summary>
    public const string Reachable = "reachable";

    /// <summary>Whether it takes writes.</summary>
    public const string Writable = "writable";

    /// <summary>Whether outages are all that makes it unhealthy.</summary>
    public const string Outage = "outage";

    /// <summary>How long a probe took, in ms.</summary>
    public const string Latency = "latency_ms";

    /// <summary>The version of the server.</summary>
    public const string ServerVersion = "server.version";

    /// <summary>How many primaries there are.</summary>
    public const string Primaries = "primaries";

    /// <summary>How many of them take writes.</summary>
    public const string PrimariesServing = "primaries.serving";

    /// <summary>Over how many partitions sessions are spread.</summary>
    public const string Partitions = "layout.partitions";

    /// <summary>Whether the layout on the server is that of this store.</summary>
    public const string LayoutAgrees = "layout.agrees";

    /// <summary>What the server does when its memory is full.</summary>
    public const string MemoryPolicy = "maxmemory.policy";

    /// <summary>How many frames wait for the server or are on their way.</summary>
    public const string QueuedFrames = "queue.frames";

    /// <summary>How many bytes of them.</summary>
    public const string QueuedBytes = "queue.bytes";

    /// <summary>The circuit breaker: closed, open or partly_open.</summary>
    public const string Breaker = "breaker.state";

    /// <summary>How many frames are in the buffer.</summary>
    public const string BufferedFrames = "buffer.frames";

    /// <summary>How many bytes of them.</summary>
    public const string BufferedBytes = "buffer.bytes";

    /// <summary>Whether reads are answered from copies.</summary>
    public const string CacheCurrent = "cache.current";

    /// <summary>How many copies there are.</summary>
    public const string CachedSessions = "cache.sessions";

    /// <summary>A time in ms, down to a hundredth.</summary>
    /// <param name="time">The time.</param>
    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);

    /// <summary>What went wrong, in the words of the store's exceptions, which name no credential.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="timeout">How long was waited.</param>
    public static string Describe(Exception exception, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is SessionStoreException store
        ? store.Message.StartsWith(store.Operation + ": ", StringComparison.Ordinal) ? store.Message[(store.Operation.Length + 2)..] : store.Message
        : string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s.");
    }
}
