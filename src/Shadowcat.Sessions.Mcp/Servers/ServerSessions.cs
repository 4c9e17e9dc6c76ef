using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the sessions of the messages that the servers of this process receive and send, and ends them.</summary>
internal sealed class ServerSessions(
    SessionRecorder recorder, ISessionCorrelator correlator, IServiceProvider services, IHostApplicationLifetime? lifetime = null)
{
    private const string TransportKey = "transport:";
    private const int UsualKeyLength = 128;

    private static readonly SessionEnd Ended = new(SessionStatus.Completed, "the server ended the session");
    private static readonly SessionEnd Stopped = new(SessionStatus.Completed, "the process stopped");

    private readonly HttpConnections _connections = new();
    private readonly ConnectionConversations _conversations = new(recorder.Options, recorder.Clock);
    private volatile bool _recordsTransport;

    /// <summary>The recorder of the messages.</summary>
    public SessionRecorder Recorder => recorder;

    /// <summary>Whether the host is stopping, so that it and not the client ends the requests.</summary>
    public bool IsStopping => lifetime?.ApplicationStopping.IsCancellationRequested == true;

    /// <summary>Leaves the server without session ids to its transport, which records in the order of the wire.</summary>
    public void LeaveToTransport() => _recordsTransport = true;

    /// <summary>Whether a server is left to its transport.</summary>
    public bool IsLeftToTransport(McpServer server) =>
        _recordsTransport && ReferenceEquals(server.ServerOptions, services.GetRequiredService<IOptions<McpServerOptions>>().Value);

    /// <summary>The session of a message that came over a transport with session ids.</summary>
    public RecordedSession OfTransport(string id, MessageContext context)
    {
        // Called for every message: a string for each would be garbage.
        Span<char> buffer = stackalloc char[UsualKeyLength];
        if (recorder.Open.TryFind(buffer.TryWrite($"{TransportKey}{id}", out var length) ? buffer[..length] : TransportKey + id, out var known))
        {
            return known;
        }

        var found = Find(context, id);
        recorder.Open.Alias(TransportKey + id, found);
        return found;
    }

    /// <summary>The session of a message that came without a session id, over a request of its own.</summary>
    public RecordedSession OfRequest(MessageContext context) => Find(context, transportSessionId: null);

    /// <summary>The session of a server that has one connection and no session id.</summary>
    public RecordedSession OfConnection(MessageContext context) =>
        recorder.Connect(Describe(SessionId.New(recorder.Clock), TransportType.Stdio, context) with { Boundary = SessionBoundary.Connection });

    /// <summary>Lets requests that name the task or request state in a result continue its session in this process.</summary>
    /// <returns>The key to note in the store for other replicas; null where the result has no task and no request state, or one that is known.</returns>
    public string? HandsOut(RecordedSession session, MessageContext result)
    {
        if (CorrelationText.HandsOut(result.JsonRpcMessage) is not { } handle)
        {
            return null;
        }

        session.HandsOut = true;
        var key = Continuation(handle, session.Described.Owner, result).Key!;
        return recorder.Open.Alias(key, session) ? key : null;
    }

    /// <summary>Ends a session when its server is disposed of.</summary>
    /// <param name="session">The session.</param>
    /// <param name="serving">Is cancelled when the server is disposed of.</param>
    public void WatchEnd(RecordedSession session, CancellationToken serving)
    {
        if (serving.CanBeCanceled && session.TryWatch())
        {
            serving.UnsafeRegister(_ => End(session), state: null);
        }
    }

    private void End(RecordedSession session)
    {
        if (lifetime?.ApplicationStopping.IsCancellationRequested != true)
        {
            recorder.EndOfServer(session, Ended);
        }
        else if (recorder.Options.CloseOnShutdown || !session.IsShared)
        {
            recorder.EndOfServer(session, Stopped);
        }
    }

    private RecordedSession Find(MessageContext context, string? transportSessionId)
    {
        var owner = Principals.OwnerOf(context.User);
        var continued = CorrelationText.Continues(context.JsonRpcMessage) is { } handle ? Continuation(handle, owner, context) : null;
        var correlation = Correlate(context, transportSessionId, owner, continued);
        return correlation.Boundary switch
        {
            SessionBoundary.Handshake => recorder.Upkeep.GetOrAdd(TransportKey + correlation.Key, key => new RecordedSession(
                Describe(TransportSessionIds.ToSessionId(correlation.Key!), TransportOf(context), context) with
                {
                    Boundary = SessionBoundary.Handshake,
                    TransportSessionId = correlation.Key,
                },
                key)),
            SessionBoundary.Correlated => recorder.Upkeep.GetOrAdd(correlation.Key!, key => new RecordedSession(
                Describe(SessionId.New(recorder.Clock), TransportOf(context), context) with
                {
                    Boundary = SessionBoundary.Correlated,
                    CorrelationKey = key,
                    TransportSessionId = transportSessionId,
                },
                key)
            {
                Continues = correlation == continued,
            }),
            _ => recorder.Upkeep.GetOrAdd($"exchange:{SessionId.New(recorder.Clock)}", key => new RecordedSession(
                Describe(SessionId.New(recorder.Clock), TransportOf(context), context) with
                {
                    Boundary = SessionBoundary.Exchange,
                    TransportSessionId = transportSessionId,
                },
                key)),
        };
    }

    private SessionCorrelation Correlate(MessageContext context, string? transportSessionId, SessionOwner? owner, SessionCorrelation? continued)
    {
        try
        {
            var message = context.JsonRpcMessage;
            var client = message.Context?.ClientInfo;
            var connection = transportSessionId is null && owner is null && recorder.Options.UsesClientAddresses ? _connections.Current(services) : null;
            return correlator.Correlate(new CorrelationContext(message)
            {
                TransportSessionId = transportSessionId,
                ServerName = NameOf(context.Server),
                Owner = owner,
                Client = client,
                ClientAddress = connection?.Address,

                // The server does not authenticate credentials, but whoever has others is somebody else.
                ConnectionKey = connection is not null && (client is null || connection.Credentials is not null)
                    ? _conversations.KeyOf(message, NameOf(context.Server), connection)
                    : null,
                TraceId = CorrelationText.TraceId(message),
                Continued = continued,
                Services = context.Services,
            });
        }
        catch (Exception exception)
        {
            RecordingLog.Failed(recorder.Logger, exception);
            return SessionCorrelation.Exchange;
        }
    }

    private Session Describe(SessionId id, TransportType transport, MessageContext context) => new(id, transport)
    {
        Owner = Principals.OwnerOf(context.User),
        Tags = [.. recorder.Options.Tags],
        TimeToLive = recorder.Options.TimeToLive,
    };

    /// <summary>A request over Streamable HTTP has a transport for its answers; one over the older HTTP+SSE has none.</summary>
    private static TransportType TransportOf(MessageContext context) =>
        context.JsonRpcMessage is JsonRpcRequest { Context.RelatedTransport: null } ? TransportType.Sse : TransportType.StreamableHttp;

    /// <summary>The key holds the owner and the server: nobody continues the session of another owner or of another server.</summary>
    private static SessionCorrelation Continuation(string handle, SessionOwner? owner, MessageContext context) =>
        SessionCorrelation.ByKey($"continued={StorableText.HashOf($"{NameOf(context.Server)}\n{owner}\n{handle}")}");

    private static string NameOf(McpServer server) => server.ServerOptions.ServerInfo?.Name ?? "";
}
