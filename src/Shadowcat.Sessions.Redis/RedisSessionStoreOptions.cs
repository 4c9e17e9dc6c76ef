using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Options of a <see cref="RedisSessionStore"/>, in addition to <see cref="SessionStoreOptions"/>.</summary>
/// <remarks>They are read once, when the store is made: later changes of the configuration have no effect.</remarks>
public sealed class RedisSessionStoreOptions
{
    /// <summary>Where the server is: a StackExchange.Redis configuration string, or a URI such as <c>rediss://user:password@host:6380/0</c>. It may contain a password, and is never logged.</summary>
    /// <value>Null, the default, where the application passes a connection of its own. <c>redis://</c> is without TLS, <c>rediss://</c> with; the default port is 6379.</value>
    /// <remarks>
    /// <c>connectTimeout</c> is a sixth of <see cref="OperationTimeout"/> by default: set it where handshakes take longer. The store itself sets <c>abortConnect</c>, <c>connectRetry</c>,
    /// <c>asyncTimeout</c>, <c>syncTimeout</c>, <c>channelPrefix</c>, and the policies of the backlog and of reconnecting. Other values of these are overridden, which is logged (event 26).
    /// </remarks>
    /// <seealso href="https://www.iana.org/assignments/uri-schemes/prov/redis"/>
    /// <seealso href="https://seredis.dev/Configuration"/>
    public string? Configuration { get; set; }

    /// <summary>Configures what <see cref="Configuration"/> cannot express, such as trusted certificate authorities or the certificate of the client.</summary>
    /// <value>Null, the default, for nothing. It is called once. Afterwards the store sets what its promises rely on, such as timeouts, retries and the details of exceptions.</value>
    /// <seealso href="https://seredis.dev/Configuration"/>
    public Action<ConfigurationOptions>? ConfigureConnection { get; set; }

    /// <summary>Configures the connection before the store connects, with what has to be requested: credentials that expire or rotate, such as tokens of Entra ID or IAM.</summary>
    /// <value>
    /// Null, the default, for nothing. It gets the options that <see cref="Configuration"/> and <see cref="ConfigureConnection"/> made, the services of the application (none where the store was made without them), and a token that
    /// is cancelled when the store is disposed of. It sets <see cref="ConfigurationOptions.User"/> and <see cref="ConfigurationOptions.Password"/>; the end points are those of <see cref="Configuration"/>.
    /// </value>
    /// <remarks>
    /// It is called again when a connection breaks or a server refuses the credentials, at most five times a second and never twice at the same time. Connections are then made with what it set. Calls wait for that
    /// within their timeouts, instead of <see cref="MaxRetries"/> tries. Refused credentials then count as an outage, which a buffer bridges, not as a wrong configuration. What it throws fails the call with a <see cref="SessionStoreUnavailableException"/>. Cache what it requests, because it may be called often.
    /// </remarks>
    public Func<ConfigurationOptions, IServiceProvider, CancellationToken, ValueTask>? ConfigureConnectionAsync { get; set; }

    /// <summary>What every key begins with.</summary>
    /// <value>1 to 64 letters, digits, dots, dashes, underscores and colons; <c>shadowcat</c> by default.</value>
    public string KeyPrefix { get; set; } = "shadowcat";

    /// <summary>The number of partitions that sessions are spread over, each in one slot of a cluster. Fixed by the first store that uses the prefix.</summary>
    /// <value>1 to 4096; null, the default, uses the number in the layout record on the server; where there is no record, 256 on a cluster and 1 elsewhere.</value>
    public int? Partitions { get; set; }

    /// <summary>How many connections the store opens to each server. Reads and commands use the connection with the fewest answers outstanding; the appends of a partition share one.</summary>
    /// <value>
    /// 1 to 64; 1 by default, which carries more small values than a server can handle. More help where large frames are read: an answer on the same connection
    /// waits until a page of some MiB before it is through. Not used with a connection of the application.
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

    /// <summary>How often a call is tried again where the connection broke or the server reports that it does not serve now. A write takes effect once, however often it is tried.</summary>
    /// <value>0 to 100; 4 by default. A server that reports that it will serve soon (a slot moves, a replica takes over, data is loaded) is asked until the time is up.</value>
    public int MaxRetries { get; set; } = 4;

    /// <summary>The approximate pause before the first retry. Pauses grow exponentially, to ten times this, and vary at random so that callers do not retry all at once.</summary>
    /// <value>1 ms to 10 s; 25 ms by default. The first pause is at most a 40th of the shortest timeout.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Whether calls fail at once, with <see cref="SessionStoreUnavailableException"/>, while the circuit breaker of a server is open, because it does not answer.</summary>
    /// <value>True by default. Only timeouts, connections that cannot be made and servers that serve nothing count. On a cluster each primary has a circuit breaker of its own.</value>
    public bool BreakerEnabled { get; set; } = true;

    /// <summary>How many calls in a row have to fail for such a reason until the circuit breaker opens.</summary>
    /// <value>1 to 100 000; 5 by default.</value>
    public int BreakerFailures { get; set; } = 5;

    /// <summary>How often a server is probed while its circuit breaker is open. When it answers, calls are sent again. No caller serves as the probe.</summary>
    /// <value>10 ms to 1 minute; 200 ms by default.</value>
    public TimeSpan BreakerProbeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many frames may wait for the server, including those under way. Then <see cref="QueueFullMode"/> decides on further appends.</summary>
    /// <value>1 to 10 000 000; 65 536 by default. A call with more frames is admitted when nothing else waits.</value>
    public int MaxQueuedFrames { get; set; } = 65_536;

    /// <summary>How many bytes of frames, as stored, may wait for the server, including those under way.</summary>
    /// <value>1 byte to 16 GiB; 128 MiB by default. A larger call is admitted when nothing else waits.</value>
    public long MaxQueuedBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>What happens to an append when the queue is full.</summary>
    /// <value><see cref="AppendQueueFullMode.Wait"/> by default.</value>
    public AppendQueueFullMode QueueFullMode { get; set; } = AppendQueueFullMode.Wait;

    /// <summary>Whether creates, updates and deletes are published for caches of sessions, in this process or another. Appends and touches never are.</summary>
    /// <value>True by default. The account needs the right to publish on the channel <c>&lt;KeyPrefix&gt;:changes</c>. On a cluster a message goes to every node.</value>
    /// <remarks>Without it, a <see cref="CachedSessionStore"/> of another process sees these changes only after its <see cref="CachedSessionStoreOptions.MaxStaleness"/>.</remarks>
    /// <seealso href="https://redis.io/docs/latest/commands/publish/"/>
    public bool PublishChanges { get; set; } = true;

    /// <summary>How long the tombstone of a session stays that was deleted, or whose lifetime is shorter than this. It keeps a create that arrives late, or is repeated after an outage, from bringing the session back.</summary>
    /// <value>1 s to one day, not below <see cref="OperationTimeout"/> or <see cref="WriteTimeout"/>; 5 minutes by default.</value>
    public TimeSpan TombstoneTimeToLive { get; set; } = TimeSpan.FromMinutes(5);
}
