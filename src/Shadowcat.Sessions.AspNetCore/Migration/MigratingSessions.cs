using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The sessions of the transport, as the store has them: one record each, which the recording shares where it is on.</summary>
internal sealed class MigratingSessions
{
    /// <summary>A session that is used is touched when this part of its time to live is over, so that not every request writes.</summary>
    private const int TouchesPerLife = 8;

    /// <summary>The operation that a limit refuses.</summary>
    internal const string Beginning = "CreateSession";

    private const string Deleted = "the client ended the session";

    private readonly ISessionStore _store;
    private readonly ILogger _logger;
    private readonly SessionRecordingOptions? _recording;
    private readonly ClientLimits _limits;
    private readonly SessionQuota _quota;

    public MigratingSessions(
        ISessionStore store, TimeProvider? clock = null, SessionRecorder? recorder = null, IOptions<SessionRecordingOptions>? recording = null,
        ILogger<MigratingSessions>? logger = null, IOptions<ClientLimits>? limits = null)
    {
        _store = store;
        Clock = clock ?? TimeProvider.System;
        _limits = limits?.Value ?? new ClientLimits();
        _quota = new SessionQuota(store, _limits, Clock);
        _logger = logger ?? NullLogger<MigratingSessions>.Instance;
        if (recorder is not null)
        {
            // The server of a session that another replica goes on with ends too.
            recorder.LeavesEndToMigration = true;
            _recording = recording?.Value;
        }
    }

    /// <summary>Says what time it is here. That of the store is another.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Tells whether its peers or its operator ended a session. One that only fell silent, by the recording's measure, goes on when it speaks again.</summary>
    public static bool IsEndedByPeers(Session session) => session.IsClosed && session.Status != SessionStatus.TimedOut;

    /// <summary>Finds a session; null where there is none, or it was imported without what the transport called it, and so perhaps without its owner.</summary>
    public async ValueTask<Session?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        await _store.GetSessionAsync(TransportSessionIds.ToSessionId(sessionId), cancellationToken).ConfigureAwait(false) is { TransportSessionId: not null } session ? session : null;

    /// <summary>Notes that a session began, and what its client can do.</summary>
    /// <exception cref="SessionLimitExceededException">The client may not begin another session, or says too much of itself.</exception>
    public async ValueTask BeginAsync(string sessionId, SessionOwner? owner, InitializeRequestParams client, CancellationToken cancellationToken)
    {
        var session = new Session(TransportSessionIds.ToSessionId(sessionId), TransportType.StreamableHttp)
        {
            Boundary = SessionBoundary.Handshake,
            Owner = owner,
            TransportSessionId = TransportSessionIds.ToRecordedText(sessionId),
            ClientInfo = PeerOf(client.ClientInfo),
            VersionState = IsStorable(client.ProtocolVersion) ? new VersionState { Requested = client.ProtocolVersion } : null,
            Tags = _recording?.ToSessionTags() ?? SessionTags.None,
            TimeToLive = _recording?.TimeToLive,
        };
        var frame = ClientFrame.Make(session.Id, client, owner is null, _limits, Clock.GetUtcNow());
        if (await _quota.TryAddAsync(owner, session.Id, cancellationToken).ConfigureAwait(false) is { } limit)
        {
            throw new SessionLimitExceededException(Beginning, session.Id, limit, $"the client may not begin another session ({limit}).");
        }

        try
        {
            await _store.CreateSessionAsync(session, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionAlreadyExistsException)
        {
            // A client that initializes once more in the same session is who it was.
            return;
        }

        await _store.AddFrameAsync(frame, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes what the peers agreed on.</summary>
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

    /// <summary>What the client of a session said it is and can do, with the version that was agreed on; null with the reason where that is not known.</summary>
    public async ValueTask<(InitializeRequestParams? Client, string? Reason)> RestoreAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.VersionState?.Negotiated is not { } version)
        {
            return (null, "its version is not known");
        }

        try
        {
            await foreach (var frame in _store.GetFramesAsync(session.Id, FrameRange.From(0, 1), cancellationToken).ConfigureAwait(false))
            {
                if (ClientFrame.Read(frame) is { } client)
                {
                    client.ProtocolVersion = version;
                    return await GoesOnAsync(session.Id, cancellationToken).ConfigureAwait(false) ? (client, null) : (null, "it ended meanwhile");
                }
            }
        }
        catch (FramesTrimmedException)
        {
            return (null, "the frame that says what its client can do was trimmed");
        }
        catch (SessionNotFoundException)
        {
            return (null, "it ended meanwhile");
        }
        catch (Exception exception) when (exception is SessionSerializationException or JsonException)
        {
            return (null, "what is stored of it cannot be read");
        }

        return (null, "it was not begun by a server whose sessions migrate");
    }

    /// <summary>Tells whether a session still goes on: the body of the request may have come long after the guard let it in.</summary>
    private async ValueTask<bool> GoesOnAsync(SessionId id, CancellationToken cancellationToken) =>
        await _store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } session && !IsEndedByPeers(session);

    /// <summary>Moves the deadline of a session that is used, where the store lets it.</summary>
    public async ValueTask TryKeepAliveAsync(Session session, CancellationToken cancellationToken)
    {
        // The clocks are two. By how much they differ, it is touched too soon or too late; where they differ by more than this, each time.
        if (session.TimeToLive is { } life && (Clock.GetUtcNow() - session.LastActivity).Duration() < life / TouchesPerLife)
        {
            return;
        }

        try
        {
            await _store.TouchSessionAsync(session.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException exception)
        {
            // A store that is full can be read, and the session has most of its time to live before it.
            AspNetCoreLog.NotKeptAlive(_logger, exception);
        }
    }

    /// <summary>Ends a session for all replicas. What was recorded of it stays for as long as it would have.</summary>
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
            // It expired or was deleted meanwhile, which is an end too.
        }
    }

    private static bool IsStorable(string version) =>
        version.Length is > 0 and <= VersionState.MaxVersionLength && version.All(character => character is >= ' ' and <= '~');

    /// <summary>A peer may say of itself what it likes; what no store takes is left out.</summary>
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
