using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What a <see cref="RedisSessionStore"/> can be told beside <see cref="SessionStoreOptions"/>.</summary>
public sealed class RedisSessionStoreOptions
{
    /// <summary>Where the server is: a StackExchange.Redis configuration string, or a URI such as <c>rediss://user:password@host:6380/0</c>. It may hold a password, and is never logged.</summary>
    /// <value>Null, the default, where the application hands over a connection of its own. <c>redis://</c> is without TLS, <c>rediss://</c> with; the port is 6379 where none is said.</value>
    /// <remarks>
    /// <c>connectTimeout</c> is a sixth of <see cref="OperationTimeout"/> where it is not said: set it where handshakes take longer. The store itself sets <c>abortConnect</c>, <c>connectRetry</c>,
    /// <c>asyncTimeout</c>, <c>syncTimeout</c>, <c>channelPrefix</c>, and the policies of the backlog and of connecting again; what is said of these is not used, which is logged (event 26).
    /// </remarks>
    /// <seealso href="https://www.iana.org/assignments/uri-schemes/prov/redis"/>
    /// <seealso href="https://seredis.dev/Configuration"/>
    public string? Configuration { get; set; }

    /// <summary>Sets what <see cref="Configuration"/> has no word for, such as whose server certificates are trusted, or the client's own certificate.</summary>
    /// <value>Null, the default, for nothing. It is called once, before the settings that the store's promises rest on are made: timeouts of operations, retries and what exceptions say are not for it to set.</value>
    /// <seealso href="https://seredis.dev/Configuration"/>
    public Action<ConfigurationOptions>? ConfigureConnection { get; set; }

    /// <summary>Sets, before the store connects, what has to be asked for: credentials that expire or rotate, as tokens of Entra ID or IAM do.</summary>
    /// <value>
    /// Null, the default, for nothing. It gets the connection as <see cref="Configuration"/> and <see cref="ConfigureConnection"/> left it, the services of the application (none where the store was made without them), and a token that
    /// is cancelled when the store is disposed of. It sets <see cref="ConfigurationOptions.User"/> and <see cref="ConfigurationOptions.Password"/>; the end points are those of <see cref="Configuration"/>.
    /// </value>
    /// <remarks>
    /// It is called again, five times a second at most and never twice at the same time, when a connection breaks or a server refuses the credentials: connections are then made with what it set, and calls wait for that
    /// within their timeouts, rather than <see cref="MaxRetries"/> times. Refused credentials are an outage then, which a buffer makes up for, and no fault of the configuration. What it throws fails the call with a <see cref="SessionStoreUnavailableException"/>. Keep what is asked for; it may be called often.
    /// </remarks>
    public Func<ConfigurationOptions, IServiceProvider, CancellationToken, ValueTask>? ConfigureConnectionAsync { get; set; }

    /// <summary>What every key begins with.</summary>
    /// <value>1 to 64 letters, digits, dots, dashes, underscores and colons; <c>shadowcat</c> by default.</value>
    public string KeyPrefix { get; set; } = "shadowcat";

    /// <summary>Over how many partitions, each in one slot of a cluster, sessions are spread. Fixed by the first store that uses the prefix.</summary>
    /// <value>1 to 4096; null, the default, takes what the layout record on the server says, and where there is none 256 on a cluster and 1 elsewhere.</value>
    public int? Partitions { get; set; }

    /// <summary>How many connections the store opens to each server. What reads and commands send takes the one with the fewest answers outstanding; the appends of a partition share one.</summary>
    /// <value>
    /// 1 to 64; 1 by default, over which more small values go than a server can handle. More help where large ones are read: whatever is asked for
    /// on the same connection behind a page of frames of some MiB waits until that is through. Not used with a connection that the application hands over.
    /// </value>
    public int ConnectionCount { get; set; } = 1;

    /// <summary>How long an operation takes at most, as its caller sees it: connecting, waiting, tries and pauses together.</summary>
    /// <value>10 ms to 10 minutes; 5 s by default. The enumeration of a listing or of frames is bounded page by page.</value>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it takes at most, as its caller sees it, to get sessions, and to read, follow or count frames.</summary>
    /// <value>10 ms to 10 minutes; null, the default, for <see cref="OperationTimeout"/>.</value>
    public TimeSpan? ReadTimeout { get; set; }

    /// <summary>How long it takes at most, as its caller sees it, to change a session or its frames.</summary>
    /// <value>10 ms to 10 minutes; null, the default, for <see cref="OperationTimeout"/>.</value>
    public TimeSpan? WriteTimeout { get; set; }

    /// <summary>How long it takes at most, as its caller sees it, to list, count or reap sessions: what looks at all partitions.</summary>
    /// <value>10 ms to 10 minutes; null, the default, for <see cref="OperationTimeout"/>.</value>
    public TimeSpan? ListTimeout { get; set; }

    /// <summary>How often a call is tried again where the connection broke or the server says that it does not serve just now. Every write can be told from its repetition.</summary>
    /// <value>0 to 100; 4 by default. A server that says that it will serve in a moment (a slot moves, a replica takes over, data is loaded) is asked until the time is up.</value>
    public int MaxRetries { get; set; } = 4;

    /// <summary>How long the pause before the first repetition is, about: pauses grow exponentially, to ten times this, and vary at random so that callers do not come back all at once.</summary>
    /// <value>1 ms to 10 s; 25 ms by default. At most a 40th of the shortest timeout is waited at first, whatever this says.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Whether calls fail at once, with <see cref="SessionStoreUnavailableException"/>, while a server is known not to answer.</summary>
    /// <value>True by default. Only timeouts, connections that cannot be made and servers that serve nothing at all count; on a cluster each primary by itself.</value>
    public bool BreakerEnabled { get; set; } = true;

    /// <summary>After how many calls that failed for such a reason, with none answered in between, the others fail at once.</summary>
    /// <value>1 to 100 000; 5 by default.</value>
    public int BreakerFailures { get; set; } = 5;

    /// <summary>How often a server that does not answer is probed; when it does, calls are sent again. No caller has to be the one who tries.</summary>
    /// <value>10 ms to 1 minute; 200 ms by default.</value>
    public TimeSpan BreakerProbeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

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

    /// <summary>How long a session that was deleted, or lives less long than this by itself, keeps a create that was under way, or is repeated after an outage, from bringing it back.</summary>
    /// <value>1 s to one day, not below <see cref="OperationTimeout"/> or <see cref="WriteTimeout"/>; 5 minutes by default.</value>
    public TimeSpan TombstoneTimeToLive { get; set; } = TimeSpan.FromMinutes(5);
}
