namespace Shadowcat.Sessions.Mcp;

/// <summary>How sessions are recorded. Checked when the recorder is made, and at start-up where it is registered.</summary>
/// <remarks>They are read once, when the recorder is made: later changes of the configuration have no effect.</remarks>
public sealed class SessionRecordingOptions
{
    /// <summary>How many messages may be on their way to the store.</summary>
    /// <value>1 to 10000000 messages; 10000 by default.</value>
    public int MaxQueuedMessages { get; set; } = 10_000;

    /// <summary>How many bytes of messages may be on their way to the store.</summary>
    /// <value><see cref="MaxFrameBytes"/> to 64 GiB; 64 MiB by default.</value>
    public long MaxQueuedBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>What happens to a message for which the queue has no room.</summary>
    /// <value><see cref="RecordingOverflow.Drop"/> by default.</value>
    public RecordingOverflow WhenFull { get; set; } = RecordingOverflow.Drop;

    /// <summary>
    /// How long a message waits for others, to be written together with them: then a conversation has the processor to itself while it goes on. Nothing waits
    /// where a session ends, the recorder is disposed of, somebody waits for room, or there is enough for a call of the store.
    /// </summary>
    /// <value>
    /// 0, for not at all, to 10 s; 20 ms by default. So much later than without, and by what a timer and a thread take to wake up, does a record, or who follows it, show a
    /// message: with the default 22 ms after it was seen, in another connection to a Redis on the same machine.
    /// </value>
    public TimeSpan WriteDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The greatest payload that is recorded whole; of a larger one only the beginning is kept, with <see cref="MessageFlags.Truncated"/>.</summary>
    /// <value>1 byte to 256 MiB, not above the store's <see cref="SessionStoreOptions.MaxFrameBytes"/>; 4 MiB by default.</value>
    public int MaxFrameBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Labels for the sessions that are recorded: what a <see cref="SessionTag"/> may be.</summary>
    /// <value>At most 64; none by default.</value>
    public IList<string> Tags { get; set; } = [];

    /// <summary>How long a record is kept after its last message.</summary>
    /// <value>1 ms to 3650 days; 7 days by default, whatever the store keeps sessions for. A session that is begun with one of its own has that. Null for the store's own <see cref="SessionStoreOptions.TimeToLive"/>.</value>
    public TimeSpan? TimeToLive { get; set; } = TimeSpan.FromDays(7);

    /// <summary>After how long a silence the next request of a client without a connection begins a new session. Where a request is under way, or a stream is open, there is no silence.</summary>
    /// <value>1 s to one day; 30 minutes by default.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>After how long a silence a session ends in which something is still open, such as a stream on which the client listens: the client may have vanished without a word. When it speaks again, it goes on.</summary>
    /// <value><see cref="IdleTimeout"/> to 30 days; one day by default.</value>
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many sessions without a connection are kept in mind. Beyond it the one that was silent longest is closed, as soon as nothing is open in it; when it speaks again, it is looked up in the store and goes on.</summary>
    /// <value>1 to 1000000; 10000 by default.</value>
    public int MaxOpenSessions { get; set; } = 10_000;

    /// <summary>What clients over HTTP can make a recorded server keep (<c>WithSessionRecording</c>).</summary>
    /// <value>The defaults of <see cref="Mcp.ClientLimits"/>.</value>
    public ClientLimits ClientLimits { get; set; } = new();

    /// <summary>How long disposing the recorder waits for the store to take what is on its way; what is left then is counted as dropped.</summary>
    /// <value>1 ms to 10 minutes; 5 s by default.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the sessions that are open when the process stops are closed. False where another replica goes on with them.</summary>
    /// <value>True by default.</value>
    public bool CloseOnShutdown { get; set; } = true;

    /// <summary>What changes frames before they are stored, one after the other. A frame whose redactor fails is not stored.</summary>
    /// <value>A <see cref="CredentialRedactor"/> by default, which is best effort; an <see cref="AllowListRedactor"/> for what is named and nothing else; empty for what was said, secrets and all.</value>
    public IList<IFrameRedactor> Redactors { get; set; } = [new CredentialRedactor()];

    /// <summary>How long the redactors may take for one frame. Beyond it the frame is stored with <c>[redacted]</c> for its payload, and says so in its metadata as <c>recording.withheld</c>.</summary>
    /// <value>1 ms to 10 minutes; 5 s by default.</value>
    public TimeSpan RedactionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The labels, as sessions have them.</summary>
    internal SessionTags ToSessionTags() => SessionTags.Create([.. Tags.Select(static tag => new SessionTag(tag))]);
}
