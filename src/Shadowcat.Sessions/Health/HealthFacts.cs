using System.Globalization;

namespace Shadowcat.Sessions;

/// <summary>The names of what is found of a store, and how it is said: a closed set.</summary>
internal static class HealthFacts
{
    public const string Store = "store";
    public const string Reachable = "reachable";
    public const string Writable = "writable";
    public const string Outage = "outage";
    public const string Latency = "latency_ms";
    public const string ServerVersion = "server.version";
    public const string Primaries = "primaries";
    public const string PrimariesServing = "primaries.serving";
    public const string Partitions = "layout.partitions";
    public const string LayoutAgrees = "layout.agrees";
    public const string MemoryPolicy = "maxmemory.policy";
    public const string QueuedFrames = "queue.frames";
    public const string QueuedBytes = "queue.bytes";
    public const string Breaker = "breaker.state";
    public const string BufferedFrames = "buffer.frames";
    public const string BufferedBytes = "buffer.bytes";
    public const string CacheCurrent = "cache.current";
    public const string CachedSessions = "cache.sessions";

    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);

    /// <summary>What went wrong, in the words of the store's exceptions, which name no host and no credential.</summary>
    public static string Describe(Exception exception, TimeSpan timeout) => exception is SessionStoreException store
        ? store.Message.StartsWith(store.Operation + ": ", StringComparison.Ordinal) ? store.Message[(store.Operation.Length + 2)..] : store.Message
        : string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s.");
}
