using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Records the connections that a client makes, each as a session.</summary>
/// <param name="inner">The transport that connects. It is disposed of with this one.</param>
/// <param name="getRecorder">Returns the recorder of a new connection.</param>
/// <param name="ownsRecorder">Whether the recorder is disposed of with the connection.</param>
internal sealed class RecordingClientTransport(IClientTransport inner, Func<SessionRecorder> getRecorder, bool ownsRecorder) : IClientTransport, IAsyncDisposable
{
    /// <summary>How the name of the SDK's transport for the older HTTP+SSE begins; it is not public.</summary>
    private const string SseTransport = "Sse";

    public string Name => inner.Name;

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var transport = await inner.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var recorder = getRecorder();
        return new RecordingTransport(transport, TransportSide.Client, recorder, RecordedConnection.Describe(TypeOf(transport), recorder), ownsRecorder ? recorder : null);
    }

    public ValueTask DisposeAsync() => inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    private TransportType TypeOf(ITransport transport) => inner switch
    {
        StdioClientTransport or StreamClientTransport => TransportType.Stdio,
        _ when transport.GetType().Name.StartsWith(SseTransport, StringComparison.Ordinal) => TransportType.Sse,
        _ => TransportType.StreamableHttp,
    };
}
