using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The sessions of the transport in the store. Where they are recorded too, the recording uses the same sessions.</summary>
internal sealed class MigratingSessions
{
    /// <summary>A session in use is touched each time this fraction of its time to live is over, so that not every request writes.</summary>
    private const int TouchesPerLifetime = 8;

    /// <summary>The name of the operation that a limit refuses.</summary>
    internal const string CreateOperation = "CreateSession";

    private const string Deleted = "the client ended the session";

    private readonly ISessionStore _store;
    private readonly ILogger _logger;
    private readonly SessionRecordingOptions? _recording;
    private readonly ClientLimits _limits;
    private readonly SessionQuota _quota;

    /// <param name="store">Where the sessions are kept.</param>
    /// <param name="clock">The local time; null for the system's.</param>
    /// <param name="recording">How the same sessions are recorded in that store; null where they are not.</param>
    /// <param name="logger">Logs what fails; null for nothing.</param>
    /// <param name="limits">What clients may begin; null for the defaults.</param>
    public MigratingSessions(
        ISessionStore store,
        TimeProvider? clock = null,
        SessionRecordingOptions? recording = null,
        ILogger<MigratingSessions>? logger = null,
        ClientLimits? limits = null)
    {
        _store = store;
        Clock = clock ?? TimeProvider.System;
        _recording = recording;
        _limits = limits ?? new ClientLimits();
        _quota = new SessionQuota(store, _limits, Clock);
        _logger = logger ?? NullLogger<MigratingSessions>.Instance;
    }

    /// <summary>The local time, which may differ from that of the store.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Whether the peers or an operator ended a session. One that the recording closed because it was idle can still be used.</summary>
    public static bool IsEndedByPeers(Session session) => session.IsClosed && session.Status != SessionStatus.TimedOut;

    /// <summary>Finds a session; null where there is none, or where it was imported without its transport session id and so perhaps without its owner.</summary>
    public async ValueTask<Session?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        await _store.GetSessionAsync(TransportSessionIds.ToSessionId(sessionId), cancellationToken).ConfigureAwait(false) is { TransportSessionId: not null } session ? session : null;

    /// <summary>Stores a new session and the capabilities of its client.</summary>
    /// <exception cref="SessionLimitExceededException">The client has too many sessions, or its capabilities are too large.</exception>
    public async ValueTask BeginAsync(string sessionId, SessionOwner? owner, InitializeRequestParams client, CancellationToken cancellationToken)
    {
        var session = new Session(TransportSessionIds.ToSessionId(sessionId), TransportType.StreamableHttp)
        {
            Boundary = SessionBoundary.Handshake,
            Owner = owner,
            TransportSessionId = TransportSessionIds.ToRecordedText(sessionId),
            ClientInfo = PeerOf(client.ClientInfo),
            VersionState = IsStorable(client.ProtocolVersion) ? new VersionState { Requested = client.ProtocolVersion } : null,
            Tags = _recording is null ? SessionTags.None : [.. _recording.Tags],
            TimeToLive = _recording?.TimeToLive,
        };
        var frame = ClientFrame.Make(session.Id, client, owner is null, _limits, Clock.GetUtcNow());
        if (await _quota.TryAddAsync(owner, session.Id, cancellationToken).ConfigureAwait(false) is { } limit)
        {
            throw new SessionLimitExceededException(CreateOperation, session.Id, limit, $"the client has as many sessions as it may have ({limit}).");
        }

        try
        {
            await _store.CreateSessionAsync(session, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionAlreadyExistsException)
        {
            // The client initializes again in the same session.
            return;
        }

        await _store.AddFrameAsync(frame, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores the negotiated protocol version and the server.</summary>
    public async ValueTask AgreeAsync(string sessionId, string version, Implementation? server, CancellationToken cancellationToken)
    {
        var peer = server is null ? null : PeerOf(server);
        await _store.UpdateSessionAsync(
            TransportSessionIds.ToSessionId(sessionId),
            current => current.VersionState?.Negotiated == version
                ? current
                : current with
                {
                    VersionState = (current.VersionState ?? new VersionState()) with { Negotiated = version },
                    ServerInfo = current.ServerInfo ?? peer,
                },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The name, version and capabilities of the client of a session, with the negotiated protocol version; null and the reason where they are not known.</summary>
    public async ValueTask<(InitializeRequestParams? Client, string? Reason)> RestoreAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.VersionState?.Negotiated is not { } version)
        {
            return (null, "its protocol version was not stored");
        }

        try
        {
            await foreach (var frame in _store.GetFramesAsync(session.Id, FrameRange.From(0, 1), cancellationToken).ConfigureAwait(false))
            {
                if (ClientFrame.Read(frame) is { } client)
                {
                    client.ProtocolVersion = version;
                    return await IsOpenAsync(session.Id, cancellationToken).ConfigureAwait(false) ? (client, null) : (null, "it has ended meanwhile");
                }
            }
        }
        catch (FramesTrimmedException)
        {
            return (null, "the frame with the capabilities of its client was trimmed");
        }
        catch (SessionNotFoundException)
        {
            return (null, "it has ended meanwhile");
        }
        catch (Exception exception) when (exception is SessionSerializationException or JsonException)
        {
            return (null, "its stored data cannot be read");
        }

        return (null, "it was created by a server without WithSessionMigration");
    }

    /// <summary>Whether a session is still open: the body of the request may have arrived long after the guard let it through.</summary>
    private async ValueTask<bool> IsOpenAsync(SessionId id, CancellationToken cancellationToken) =>
        await _store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } session && !IsEndedByPeers(session);

    /// <summary>Touches a session in use, where that is due and the store allows it.</summary>
    public async ValueTask TryKeepAliveAsync(Session session, CancellationToken cancellationToken)
    {
        // The clock of the store may differ. Then the session is touched earlier or later by the difference; where that is large, each time.
        if (session.TimeToLive is { } timeToLive && (Clock.GetUtcNow() - session.LastActivity).Duration() < timeToLive / TouchesPerLifetime)
        {
            return;
        }

        try
        {
            await _store.TouchSessionAsync(session.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException exception)
        {
            // A store that is full can still be read, and most of the time to live of the session is left.
            AspNetCoreLog.NotKeptAlive(_logger, exception);
        }
    }

    /// <summary>Closes a session for all replicas. Its recording is kept until it expires.</summary>
    public async ValueTask EndAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            await _store.UpdateSessionAsync(
                session.Id,
                current => IsEndedByPeers(current) ? current : current.AsClosed(SessionStatus.Completed, Deleted),
                cancellationToken).ConfigureAwait(false);
        }
        catch (SessionNotFoundException)
        {
            // It expired or was deleted meanwhile, so it has ended.
        }
    }

    private static bool IsStorable(string version) =>
        version.Length is > 0 and <= VersionState.MaxVersionLength && version.All(character => character is >= ' ' and <= '~');

    /// <summary>A peer may send anything. What a store does not accept is left out.</summary>
    private static Peer? PeerOf(Implementation implementation)
    {
        try
        {
            return Peer.Parse(JsonSerializer.Serialize(implementation, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Implementation))));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
