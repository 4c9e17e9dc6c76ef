using System.Security.Claims;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>A conversation: its peers, its transport, its protocol version, and its state. Immutable.</summary>
/// <remarks>
/// <para>What the application owns is written by <see cref="ISessionStore.CreateSessionAsync(Session, CancellationToken)"/> and
/// <see cref="ISessionStore.UpdateSessionAsync"/>. What the store owns — <see cref="FrameCount"/>,
/// <see cref="FirstSequence"/>, <see cref="LastActivity"/>, <see cref="ExpiresAt"/> and <see cref="Version"/> — is
/// only ever read from it: a value given for one of these is ignored, so saving a session cannot undo an append that
/// happened in between.</para>
/// <para><b>Status and state.</b> <see cref="State"/> says where the session is in its lifecycle, <see cref="Status"/> how it ended. They say one thing together: the status is
/// <see cref="SessionStatus.Active"/> exactly as long as the state is not <see cref="SessionState.Closed"/>, and <see cref="IsClosed"/> says which. Every store refuses other combinations.
/// <see cref="AsClosed"/> and <see cref="SessionStoreExtensions.CloseSessionAsync"/> set both.</para>
/// <para>Times have a resolution of one millisecond and are in UTC.</para>
/// </remarks>
/// <example>
/// <code>
/// var session = new Session(SessionId.New(), TransportType.StreamableHttp) { Owner = SessionOwner.From(principal), Tags = ["support"] };
/// </code>
/// </example>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed record Session
{
    private const int MaxKeyLength = 1024;
    private const int MaxReasonLength = 4096;

    /// <summary>Describes a session to be created.</summary>
    /// <param name="id">The identity; <see cref="SessionId.New"/> mints one.</param>
    /// <param name="transportType">What carries the messages.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="transportType"/> is not a defined value.</exception>
    public Session(SessionId id, TransportType transportType)
        : this(id, transportType, Guid.NewGuid())
    {
    }

#pragma warning disable RS0027 // No overload will make more of a copy; the other constructor describes a new session.
    /// <summary>Copies a session: for languages without <c>with</c>, such as F#, which sets what is to be different behind the arguments, and for a copy under another identity.</summary>
    /// <param name="original">The session.</param>
    /// <param name="id">
    /// The identity of the copy; null, the default, for that of the original. A copy under another identity is another session: it has a new <see cref="Generation"/> and <see cref="Version"/> 0, and nothing else that
    /// belongs to the store.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>.</exception>
    /// <example>
    /// In F#:
    /// <code>
    /// let active = Session(session, State = SessionState.Active, ClientInfo = client)
    /// </code>
    /// </example>
    public Session(Session original, SessionId? id = null)
        : this(original ?? throw new ArgumentNullException(nameof(original)))
    {
        if (id is not { } other || other == original.Id)
        {
            return;
        }

        Id = other.IsDefault ? throw new ArgumentException("A session needs an id.", nameof(id)) : other;
        Generation = Guid.NewGuid();
        (Version, FrameCount, FirstSequence, LastActivity, ExpiresAt) = (0, 0, 0, default, default);
    }
#pragma warning restore RS0027

    /// <summary>Describes a session that was created before.</summary>
    internal Session(SessionId id, TransportType transportType, Guid generation)
    {
        Id = id.IsDefault ? throw new ArgumentException("A session needs an id.", nameof(id)) : id;
        TransportType = transportType;
        Generation = generation;
    }

    /// <summary>The identity of the session.</summary>
    public SessionId Id { get; }

    /// <summary>Distinguishes this session from earlier and later ones of the same id: chosen at random when the value is made, and kept by <c>with</c>.</summary>
    /// <remarks>
    /// It makes a create repeatable: creating the same value once more, because the reply was lost, finds its own
    /// generation and succeeds; any other session of that id is refused. It also makes an update that was read from a
    /// session since deleted and created anew a conflict.
    /// </remarks>
    public Guid Generation { get; init; }

    /// <summary>What carries the messages.</summary>
    public TransportType TransportType { get; init => field = Defined.Or(value, "transport type"); }

    /// <summary>How the session ended; <see cref="SessionStatus.Active"/> until it is closed.</summary>
    public SessionStatus Status { get; init => field = Defined.Or(value, "session status"); }

    /// <summary>Where the session is in its lifecycle.</summary>
    public SessionState State { get; init => field = Defined.Or(value, "session state"); }

    /// <summary>Whether the conversation has ended: no further message is expected, and <see cref="Status"/> says how it ended.</summary>
    public bool IsClosed => State == SessionState.Closed;

    /// <summary>What made these messages one session.</summary>
    public SessionBoundary Boundary { get; init => field = Defined.Or(value, "session boundary"); }

    /// <summary>When the session began. Left at <c>default</c>, the store's clock says so at creation; fixed from then on.</summary>
    public DateTimeOffset CreatedAt { get; init => field = Milliseconds.Truncate(value); }

    /// <summary>What the client says about itself; null until it is known.</summary>
    public Peer? ClientInfo { get; init; }

    /// <summary>What the server says about itself; null until it is known.</summary>
    public Peer? ServerInfo { get; init; }

    /// <summary>How the peers agreed on their protocol version; null until it is known.</summary>
    public VersionState? VersionState { get; init; }

    /// <summary>Labels to find the session by.</summary>
    public SessionTags Tags { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = SessionTags.None;

    /// <summary>What the application notes about the session for itself, such as the address of the upstream. Only the application reads it.</summary>
    /// <remarks>An update replaces them as a whole: <c>session with { Attributes = session.Attributes.With("replica", "a") }</c>.</remarks>
    public SessionAttributes Attributes { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = SessionAttributes.None;

    /// <summary>The id that the transport gives the session, such as <c>Mcp-Session-Id</c>; 1 to 1024 characters, null until it is known.</summary>
    /// <remarks>Knowing the id of a live session may be enough to speak in it. Recorders and session migration store a hash of it; so should an application that sets it.</remarks>
    public string? TransportSessionId
    {
        get;
        init => field = StoredText.CheckOptional(value, MaxKeyLength, "A transport session id", nameof(value));
    }

    /// <summary>The key that brought the messages together where <see cref="Boundary"/> is <see cref="SessionBoundary.Correlated"/>; 1 to 1024 characters.</summary>
    public string? CorrelationKey
    {
        get;
        init => field = StoredText.CheckOptional(value, MaxKeyLength, "A correlation key", nameof(value));
    }

    /// <summary>The principal that the session belongs to; null where it belongs to nobody.</summary>
    public SessionOwner? Owner { get; init; }

    /// <summary>Why the session ended; 1 to 4096 characters, null where that is not known.</summary>
    public string? CloseReason
    {
        get;
        init => field = StoredText.CheckOptional(value, MaxReasonLength, "A close reason", nameof(value));
    }

    /// <summary>How long the session lives without activity, 1 ms to 3650 days. Null takes the store's <see cref="SessionStoreOptions.TimeToLive"/> when it is written.</summary>
    /// <remarks>A changed value counts at once, from the last activity on.</remarks>
    public TimeSpan? TimeToLive { get; init => field = Lifetime.Check(value, "A session's time to live"); }

    /// <summary>How long the session lives at most, active or not, counted by the store's clock from its creation; 1 ms to 3650 days. Null takes the store's <see cref="SessionStoreOptions.MaxLifetime"/> when it is written.</summary>
    /// <remarks>A changed value counts at once.</remarks>
    public TimeSpan? MaxLifetime { get; init => field = Lifetime.Check(value, "A session's greatest lifetime"); }

    /// <summary>How many frames were ever appended, also where older ones were trimmed. Set by the store.</summary>
    public long FrameCount { get; init; }

    /// <summary>The sequence of the oldest frame still kept; equals <see cref="FrameCount"/> where none is. Set by the store.</summary>
    public long FirstSequence { get; init; }

    /// <summary>When the session was created, appended to or touched last. Set by the store.</summary>
    /// <remarks>An append that follows other activity within a 64th of the time to live (1 ms to 1 s) may not be noted: it need not move the deadline either.</remarks>
    public DateTimeOffset LastActivity { get; init => field = Milliseconds.Truncate(value); }

    /// <summary>When the session and its frames end unless there is activity. Set by the store.</summary>
    /// <remarks>
    /// Never before <see cref="LastActivity"/> plus <see cref="TimeToLive"/>, and later by a 64th of the time to live (1 ms to 1 s) at most: the
    /// deadline moves in steps, so that not every append has to move it. Never after <see cref="MaxLifetime"/>.
    /// </remarks>
    public DateTimeOffset ExpiresAt { get; init => field = Milliseconds.Truncate(value); }

    /// <summary>The concurrency token: 1 after creation, one more with each update; appends and touches leave it. Set by the store.</summary>
    public long Version { get; init; }

    /// <summary>This session, closed: its state is <see cref="SessionState.Closed"/>.</summary>
    /// <param name="status">How it ended: any but <see cref="SessionStatus.Active"/>.</param>
    /// <param name="reason">Why; 1 to 4096 characters, null where it is not known.</param>
    /// <exception cref="ArgumentException"><paramref name="status"/> is <see cref="SessionStatus.Active"/> or not defined, or <paramref name="reason"/> out of bounds.</exception>
    public Session AsClosed(SessionStatus status, string? reason = null)
    {
        if (Defined.Or(status, "session status") == SessionStatus.Active)
        {
            throw new ArgumentException("A closed session is not active: say how it ended.", nameof(status));
        }

        StoredText.CheckOptional(reason, MaxReasonLength, "A close reason", nameof(reason));
        return this with { State = SessionState.Closed, Status = status, CloseReason = reason };
    }

    /// <summary>This session, reopened: its state and status are active, and it has no close reason.</summary>
    public Session AsReopened() => this with { State = SessionState.Active, Status = SessionStatus.Active, CloseReason = null };

    /// <summary>Whether the session belongs to a principal.</summary>
    /// <param name="owner">The principal.</param>
    /// <returns>True where <see cref="Owner"/> equals it; false for every session without an owner: that belongs to nobody.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="owner"/> is null.</exception>
    public bool IsOwnedBy(SessionOwner owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return Owner == owner;
    }

    /// <summary>Whether the session belongs to the principal of a request.</summary>
    /// <param name="principal">The principal of the request, as <see cref="SessionOwner.From(ClaimsPrincipal)"/> names it.</param>
    /// <returns>True where <see cref="Owner"/> is that principal; false for every session without an owner, and for every principal that is not authenticated or has no identifying claim.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="principal"/> is null.</exception>
    public bool IsOwnedBy(ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return SessionOwner.From(principal) is { } owner && Owner == owner;
    }
}
