using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Records the messages that go over a transport of the MCP SDK.</summary>
public static class RecordingTransportExtensions
{
    /// <summary>Records every connection that a client makes over a transport, each as one session, with a recorder of its own.</summary>
    /// <param name="transport">The client's transport.</param>
    /// <param name="store">The store to write to. It is not disposed of.</param>
    /// <param name="configure">Sets the options of the recorder; null, the default, for the defaults.</param>
    /// <returns>The transport to use instead.</returns>
    /// <remarks>Disposing of the client closes its session and waits until it is written, for <see cref="SessionRecordingOptions.DrainTimeout"/> at most.</remarks>
    /// <exception cref="ArgumentNullException">The transport or the store is null.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    /// <example>
    /// <code>
    /// var transport = new StdioClientTransport(new() { Command = "my-server" });
    /// await using var client = await McpClient.CreateAsync(transport.WithRecording(store));
    /// </code>
    /// </example>
    public static IClientTransport WithRecording(this IClientTransport transport, ISessionStore store, Action<SessionRecordingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(store);
        var options = Configured(configure);
        return new RecordingClientTransport(transport, () => new SessionRecorder(store, options), ownsRecorder: true);
    }

    /// <summary>Records every connection that a client makes over a transport, each as one session, with a recorder that several transports may share.</summary>
    /// <param name="transport">The client's transport.</param>
    /// <param name="recorder">The recorder. The caller disposes of it.</param>
    /// <returns>The transport to use instead.</returns>
    /// <remarks>Disposing of the client closes its session in the background. Disposing of the recorder waits until it is written.</remarks>
    /// <exception cref="ArgumentNullException">The transport or the recorder is null.</exception>
    public static IClientTransport WithRecording(this IClientTransport transport, SessionRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(recorder);
        return new RecordingClientTransport(transport, () => recorder, ownsRecorder: false);
    }

    /// <summary>Records the connection of a server over stdio or a stream as one session, with a recorder of its own.</summary>
    /// <param name="transport">The server's transport.</param>
    /// <param name="store">The store to write to. It is not disposed of.</param>
    /// <param name="configure">Sets the options of the recorder; null, the default, for the defaults.</param>
    /// <returns>The transport to use instead. Disposing of it closes the session and waits until it is written, for <see cref="SessionRecordingOptions.DrainTimeout"/> at most.</returns>
    /// <remarks>Where the server is registered in a container, use <c>AddMcpServer().WithStdioServerTransport().WithSessionRecording()</c> instead.</remarks>
    /// <exception cref="ArgumentException">The transport is one of Streamable HTTP, whose answers do not go through it: register the recording with <c>WithSessionRecording</c>.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public static ITransport WithRecording(this ITransport transport, ISessionStore store, Action<SessionRecordingOptions>? configure = null)
    {
        CheckServer(transport);
        ArgumentNullException.ThrowIfNull(store);
        var recorder = new SessionRecorder(store, Configured(configure));
        return new RecordingTransport(transport, TransportSide.Server, recorder, RecordedConnection.Describe(TypeOf(transport), recorder), owned: recorder);
    }

    /// <summary>Records the connection of a server over stdio or a stream as one session, with a recorder that several transports may share.</summary>
    /// <param name="transport">The server's transport.</param>
    /// <param name="recorder">The recorder. The caller disposes of it.</param>
    /// <returns>The transport to use instead. Disposing of it closes the session in the background. Disposing of the recorder waits until it is written.</returns>
    /// <exception cref="ArgumentException">The transport is null, or one of Streamable HTTP, whose answers do not go through it: register the recording with <c>WithSessionRecording</c>.</exception>
    /// <exception cref="ArgumentNullException">The recorder is null.</exception>
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
