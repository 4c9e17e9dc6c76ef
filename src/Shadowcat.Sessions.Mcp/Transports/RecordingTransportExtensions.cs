using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Records what goes over a transport of the MCP SDK.</summary>
public static class RecordingTransportExtensions
{
    /// <summary>Records every connection that a client makes over a transport, as one session each.</summary>
    /// <param name="transport">The client's transport.</param>
    /// <param name="store">Where the sessions are kept.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A transport to use instead.</returns>
    /// <remarks>Disposing of the client closes its session and waits until it is written, for <see cref="SessionRecordingOptions.DrainTimeout"/> at most.</remarks>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public static IClientTransport WithRecording(this IClientTransport transport, ISessionStore store, Action<SessionRecordingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(store);
        var options = Configured(configure);
        return new RecordingClientTransport(transport, () => new SessionRecorder(store, options), ownsRecorder: true);
    }

    /// <summary>Records every connection that a client makes over a transport, as one session each, with a recorder that several transports share.</summary>
    /// <param name="transport">The client's transport.</param>
    /// <param name="recorder">The recorder, which is the caller's to dispose of.</param>
    /// <returns>A transport to use instead.</returns>
    /// <remarks>Disposing of the client closes its session; the recorder writes it, and is waited for where that is disposed of.</remarks>
    public static IClientTransport WithRecording(this IClientTransport transport, SessionRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(recorder);
        return new RecordingClientTransport(transport, () => recorder, ownsRecorder: false);
    }

    /// <summary>Records the connection of a server over stdio or a stream, as one session.</summary>
    /// <param name="transport">The server's transport.</param>
    /// <param name="store">Where the session is kept.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A transport to use instead. Disposing of it closes the session and waits until it is written, for <see cref="SessionRecordingOptions.DrainTimeout"/> at most.</returns>
    /// <remarks>A server that is registered needs no more than <c>AddMcpServer().WithStdioServerTransport().WithSessionRecording()</c>.</remarks>
    /// <exception cref="ArgumentException">The transport is one of Streamable HTTP, whose answers do not go through it: register the recording with <c>WithSessionRecording</c>.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public static ITransport WithRecording(this ITransport transport, ISessionStore store, Action<SessionRecordingOptions>? configure = null)
    {
        CheckServer(transport);
        ArgumentNullException.ThrowIfNull(store);
        var recorder = new SessionRecorder(store, Configured(configure));
        return new RecordingTransport(transport, TransportSide.Server, recorder, RecordedConnection.Describe(TypeOf(transport), recorder), owned: recorder);
    }

    /// <summary>Records the connection of a server over stdio or a stream, as one session, with a recorder that several transports share.</summary>
    /// <param name="transport">The server's transport.</param>
    /// <param name="recorder">The recorder, which is the caller's to dispose of.</param>
    /// <returns>A transport to use instead. Disposing of it closes the session; the recorder writes it, and is waited for where that is disposed of.</returns>
    /// <exception cref="ArgumentException">The transport is one of Streamable HTTP, whose answers do not go through it: register the recording with <c>WithSessionRecording</c>.</exception>
    public static ITransport WithRecording(this ITransport transport, SessionRecorder recorder)
    {
        CheckServer(transport);
        ArgumentNullException.ThrowIfNull(recorder);
        return new RecordingTransport(transport, TransportSide.Server, recorder, RecordedConnection.Describe(TypeOf(transport), recorder));
    }

    private static SessionRecordingOptions Configured(Action<SessionRecordingOptions>? configure)
    {
        var options = new SessionRecordingOptions();
        configure?.Invoke(options);
        return OptionRules.Checked(options, SessionRecordingOptionsValidator.Instance);
    }

    private static void CheckServer(ITransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (transport is StreamableHttpServerTransport)
        {
            throw new ArgumentException("The answers of a Streamable HTTP server do not go through its transport; register the recording with WithSessionRecording.", nameof(transport));
        }
    }

    private static TransportType TypeOf(ITransport transport) => transport switch
    {
        StdioServerTransport or StreamServerTransport => TransportType.Stdio,
        SseResponseStreamTransport => TransportType.Sse,
        _ => transport.SessionId is null ? TransportType.Stdio : TransportType.StreamableHttp,
    };
}
