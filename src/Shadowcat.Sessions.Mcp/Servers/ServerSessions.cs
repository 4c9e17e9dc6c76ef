using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the sessions of the messages that the servers of this process see, and notices their end.</summary>
internal sealed class ServerSessions(
    SessionRecorder recorder, ISessionCorrelator correlator, IServiceProvider services, IHostApplicationLifetime? lifetime = null)
{
    private const string TransportKey = "transport:";
    private const int UsualKeyLength = 128;

    private static readonly SessionEnd Ended = new(SessionStatus.Completed, "the server ended the session");
    private static readonly SessionEnd Stopped = new(SessionStatus.Completed, "the process stopped");

    private volatile bool _recordsTransport;

    /// <summary>Where the messages go.</summary>
    public SessionRecorder Recorder => recorder;

    /// <summary>Whether the host stops, so that whatever ends now is not the client's doing.</summary>
    public bool IsStopping => lifetime?.ApplicationStopping.IsCancellationRequested == true;

    /// <summary>Says that the transport of the one server without session ids is recorded itself, in the order of the wire.</summary>
    public void LeaveToTransport() => _recordsTransport = true;

    /// <summary>Tells whether the transport of a server without session ids is recorded itself.</summary>
    public bool IsLeftToTransport(McpServer server) =>
        _recordsTransport && ReferenceEquals(server.ServerOptions, services.GetRequiredService<IOptions<McpServerOptions>>().Value);

    /// <summary>The session of a message that came over a transport with session ids.</summary>
    public RecordedSession OfTransport(string id, MessageContext context)
    {
        // Every message comes here, and a text for each would be garbage.
        Span<char> room = stackalloc char[UsualKeyLength];
        if (recorder.Open.TryFind(room.TryWrite($"{TransportKey}{id}", out var length) ? room[..length] : TransportKey + id, out var known))
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

    /// <summary>What a result hands out, and lets requests that name it go on with its session here.</summary>
    /// <returns>The key that leads to the session, to be noted where other replicas find it; null where it hands out nothing, or nothing new.</returns>
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

    /// <summary>Closes a session when the server that serves it is disposed of.</summary>
    /// <param name="session">The session.</param>
    /// <param name="serving">Is cancelled then.</param>
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
            return correlator.Correlate(new CorrelationContext(message)
            {
                TransportSessionId = transportSessionId,
                ServerName = NameOf(context.Server),
                Owner = owner,
                Client = message.Context?.ClientInfo,
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

    /// <summary>A request over Streamable HTTP is answered over a transport of its own; one over the older HTTP+SSE is not.</summary>
    private static TransportType TransportOf(MessageContext context) =>
        context.JsonRpcMessage is JsonRpcRequest { Context.RelatedTransport: null } ? TransportType.Sse : TransportType.StreamableHttp;

    /// <summary>Nobody goes on with what somebody else was handed, or by another server.</summary>
    private static SessionCorrelation Continuation(string handle, SessionOwner? owner, MessageContext context) =>
        SessionCorrelation.ByKey($"continued={StorableText.HashOf($"{NameOf(context.Server)}\n{owner}\n{handle}")}");

    private static string NameOf(McpServer server) => server.ServerOptions.ServerInfo?.Name ?? "";
}
