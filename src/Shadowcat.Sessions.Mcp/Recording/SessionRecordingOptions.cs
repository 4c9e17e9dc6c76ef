namespace Shadowcat.Sessions.Mcp;

/// <summary>How sessions are recorded. Checked when the recorder is made, and at start-up where it is registered.</summary>
/// <remarks>They are read once, when the recorder is made: later changes of the configuration have no effect.</remarks>
public sealed class SessionRecordingOptions
{
    /// <summary>How many messages may be queued or being written.</summary>
    /// <value>1 to 10000000 messages; 10000 by default.</value>
    public int MaxQueuedMessages { get; set; } = 10_000;

    /// <summary>How many bytes of messages may be queued or being written.</summary>
    /// <value><see cref="MaxFrameBytes"/> to 64 GiB; 64 MiB by default.</value>
    public long MaxQueuedBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>What happens to a message where the queue is full.</summary>
    /// <value><see cref="RecordingOverflow.Drop"/> by default.</value>
    public RecordingOverflow WhenFull { get; set; } = RecordingOverflow.Drop;

    /// <summary>
    /// How long a message waits for others, so that they are written in one batch and the conversation does not share the processor with the store. Nothing waits where a session ends, the recorder is
    /// disposed of, a message waits for capacity, or there is enough for a batch.
    /// </summary>
    /// <value>
    /// 0, for no wait, to 10 s; 20 ms by default. A message is stored later by this time, and by what a timer and a thread take to wake up. With the default, a process that follows the session over another
    /// connection to a Redis on the same machine gets a message 22 ms after it was recorded.
    /// </value>
    public TimeSpan WriteDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The greatest payload that is stored as a whole. Of a larger one only the beginning is stored, with <see cref="MessageFlags.Truncated"/>.</summary>
    /// <value>1 byte to 256 MiB, not above the store's <see cref="SessionStoreOptions.MaxFrameBytes"/>; 4 MiB by default.</value>
    public int MaxFrameBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The tags of the sessions that are recorded. Each must be a valid <see cref="SessionTag"/>.</summary>
    /// <value>At most 64 tags; none by default.</value>
    public IList<string> Tags { get; set; } = [];

    /// <summary>How long a session is kept after its last message.</summary>
    /// <value>1 ms to 3650 days; 7 days by default, whatever the default of the store is. Null for <see cref="SessionStoreOptions.TimeToLive"/> of the store. A session that is begun with a time to live of its own keeps that.</value>
    public TimeSpan? TimeToLive { get; set; } = TimeSpan.FromDays(7);

    /// <summary>After how long without a message the session of a client without a connection ends, so that its next request begins a new one. A session in which a request is in progress or a stream is open is not idle.</summary>
    /// <value>1 s to one day; 30 minutes by default.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>After how long without a message a session ends in which something is open, such as a stream on which the client listens: the client may have vanished. A further message reopens it.</summary>
    /// <value><see cref="IdleTimeout"/> to 30 days; one day by default.</value>
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many sessions without a connection are open in this process. Beyond it, the one that was idle longest is closed as soon as nothing is open in it. A further message finds it in the store and reopens it.</summary>
    /// <value>1 to 1000000 sessions; 10000 by default.</value>
    public int MaxOpenSessions { get; set; } = 10_000;

    /// <summary>
    /// Whether requests over HTTP that say neither who sends them nor what they continue are one session by the connection, the address and the user agent of their client. A request that has passed a
    /// proxy is not, because all clients behind a proxy have its address. Set it to false where a proxy adds no header, such as <c>X-Forwarded-For</c> or <c>Via</c>, to what it passes on.
    /// </summary>
    /// <value>True by default.</value>
    public bool UsesClientAddresses { get; set; } = true;

    /// <summary>The limits of what clients over HTTP can make a recorded server store (<c>WithSessionRecording</c>).</summary>
    /// <value>Null, the default, for those of the store: its section <c>ClientLimits</c>, and what <c>Configure&lt;ClientLimits&gt;</c> sets under the name of the store. Migration and events that use the store have them too.</value>
    public ClientLimits? ClientLimits { get; set; }

    /// <summary>How long disposing of the recorder waits until what is queued is written. What is left then is counted as dropped.</summary>
    /// <value>1 ms to 10 minutes; 5 s by default.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the sessions that are open when the process stops are closed. Set it to false where another replica continues them.</summary>
    /// <value>True by default.</value>
    public bool CloseOnShutdown { get; set; } = true;

    /// <summary>
    /// Whether sessions with an id of the transport (<c>Mcp-Session-Id</c>) go on at other replicas when their server here ends, or the process. Then neither closes their records: they stay open until
    /// the client, an operator, <see cref="IdleTimeout"/> or <see cref="OpenTimeout"/> ends the session.
    /// </summary>
    /// <value>False by default. <c>WithSessionMigration</c> of the package <c>Shadowcat.Sessions.AspNetCore</c> sets it; set it where an <c>ISessionMigrationHandler</c> of your own is registered.</value>
    public bool SessionsMigrate { get; set; }

    /// <summary>The redactors that frames go through before they are stored, in this order. A frame whose redactor fails is not stored.</summary>
    /// <value>One <see cref="CredentialRedactor"/> by default, which is best effort. Use an <see cref="AllowListRedactor"/> to store only what you name. Empty to store messages as they are, with their secrets.</value>
    public IList<IFrameRedactor> Redactors { get; set; } = [new CredentialRedactor()];

    /// <summary>How long the redactors may take for one frame. Beyond it the frame is stored with the payload <c>[redacted]</c>, and its metadata has <c>recording.withheld</c>.</summary>
    /// <value>1 ms to 10 minutes; 5 s by default.</value>
    public TimeSpan RedactionTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
