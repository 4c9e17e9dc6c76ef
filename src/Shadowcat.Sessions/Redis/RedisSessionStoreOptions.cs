using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>What a <see cref="RedisSessionStore"/> can be told beside <see cref="SessionStoreOptions"/>.</summary>
public sealed class RedisSessionStoreOptions
{
    /// <summary>Where the server is: a StackExchange.Redis configuration string. It may hold a password, and is never logged.</summary>
    /// <value>Null, the default, where the application hands over a connection of its own.</value>
    /// <seealso href="https://seredis.dev/Configuration"/>
    public string? Configuration { get; set; }

    /// <summary>Sets what <see cref="Configuration"/> has no word for, such as whose server certificates are trusted, or the client's own certificate.</summary>
    /// <value>Null, the default, for nothing. It is called once, before the settings that the store's promises rest on are made: timeouts, retries and what exceptions say are not for it to set.</value>
    /// <seealso href="https://seredis.dev/Configuration"/>
    public Action<ConfigurationOptions>? ConfigureConnection { get; set; }

    /// <summary>What every key begins with.</summary>
    /// <value>1 to 64 letters, digits, dots, dashes, underscores and colons; <c>shadowcat</c> by default.</value>
    public string KeyPrefix { get; set; } = "shadowcat";

    /// <summary>Over how many partitions, each in one slot of a cluster, sessions are spread. Fixed by the first store that uses the prefix.</summary>
    /// <value>1 to 4096; null, the default, takes what the layout record on the server says, and where there is none 256 on a cluster and 1 elsewhere.</value>
    public int? Partitions { get; set; }

    /// <summary>How long an operation waits for the server at most, tries and pauses together.</summary>
    /// <value>10 ms to 10 minutes; 5 s by default. A listing or the reading of frames is bounded page by page.</value>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many frames may wait for the server, those under way among them. What comes then is treated as <see cref="QueueFullMode"/> says.</summary>
    /// <value>1 to 10 000 000; 65 536 by default. A batch of more frames is let in where nothing else waits.</value>
    public int MaxQueuedFrames { get; set; } = 65_536;

    /// <summary>How many bytes of frames, as stored, may wait for the server, those under way among them.</summary>
    /// <value>1 byte to 16 GiB; 128 MiB by default. What is larger by itself is let in where nothing else waits.</value>
    public long MaxQueuedBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>What becomes of an append that finds as many frames waiting as may.</summary>
    /// <value><see cref="AppendQueueFullMode.Wait"/> by default.</value>
    public AppendQueueFullMode QueueFullMode { get; set; } = AppendQueueFullMode.Wait;

    /// <summary>Whether creates, updates and deletes are published to those who cache sessions, in this process or another. Appends and touches never are.</summary>
    /// <value>True by default. The account needs the right to publish on the channel <c>&lt;KeyPrefix&gt;:changes</c>. On a cluster a message goes to every node.</value>
    /// <remarks>Where it is off, a <see cref="CachedSessionStore"/> of another process sees these changes only after its <see cref="CachedSessionStoreOptions.MaxStaleness"/>.</remarks>
    /// <seealso href="https://redis.io/docs/latest/commands/publish/"/>
    public bool PublishChanges { get; set; } = true;

    /// <summary>How long a deleted session keeps a create that was under way from bringing it back.</summary>
    /// <value>1 s to one day, not below <see cref="OperationTimeout"/>; 5 minutes by default.</value>
    public TimeSpan TombstoneTimeToLive { get; set; } = TimeSpan.FromMinutes(5);
}
