namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The options of <c>WithSessionEventStore</c>: how long events of SSE streams are kept for clients that resume. Checked at start-up.</summary>
/// <remarks>Events are stored as the server sent them, with their credentials, since a client that resumes must get the same messages. The redactors of a recording do not change them. Encrypt the store where that matters. The options are read once, when the host starts: later changes of the configuration have no effect.</remarks>
public sealed class SessionEventStoreOptions
{
    /// <summary>How long the events of a session are kept after its last one.</summary>
    /// <value>1 ms to 3650 days; null, the default, for <see cref="SessionStoreOptions.TimeToLive"/> of the store.</value>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>How many events of a session are kept, of all its streams together. Beyond it the oldest are deleted, an eighth of the maximum at a time.</summary>
    /// <value>1 to 10000000 events; 10000 by default.</value>
    public int MaxEvents { get; set; } = 10_000;

    /// <summary>How many bytes of events each process keeps of a session, of all its streams together. Beyond it the oldest are deleted, half of the maximum at a time. The newest event is kept whatever its size.</summary>
    /// <value>1 byte to 1 TiB; 64 MiB by default.</value>
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;
}
