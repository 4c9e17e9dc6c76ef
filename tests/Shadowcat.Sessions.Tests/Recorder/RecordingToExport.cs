using System.Text;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Exporting;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>A recording of frames that a test made by hand, in a store of its own.</summary>
internal sealed class RecordingToExport
{
    private RecordingToExport(Session session) => Session = session;

    public ISessionStore Store { get; } = new InMemorySessionStore();

    public Session Session { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<RecordingToExport> BeginAsync(Session? session = null)
    {
        var recording = new RecordingToExport(session ?? new Session(SessionId.New(), TransportType.Stdio) { CreatedAt = Make.At });
        recording.Session = await recording.Store.CreateSessionAsync(recording.Session, Ct);
        return recording;
    }

    /// <summary>Adds what the client says.</summary>
    public Task ClientAsync(int milliseconds, string payload, string? exchange = null, params (string Key, string Value)[] metadata) =>
        AddAsync(MessageDirection.ClientToServer, milliseconds, Encoding.UTF8.GetBytes(payload), exchange, metadata);

    /// <summary>Adds what the server says.</summary>
    public Task ServerAsync(int milliseconds, string payload, string? exchange = null, params (string Key, string Value)[] metadata) =>
        AddAsync(MessageDirection.ServerToClient, milliseconds, Encoding.UTF8.GetBytes(payload), exchange, metadata);

    public async Task AddAsync(MessageDirection direction, int milliseconds, byte[] payload, string? exchange = null, params (string Key, string Value)[] metadata) =>
        await Store.AddFrameAsync(
            new MessageEnvelope(Session.Id, direction, Session.TransportType, payload, Make.At.AddMilliseconds(milliseconds))
            {
                ExchangeId = exchange,
                Metadata = FrameMetadata.Create(metadata.Select(entry => new KeyValuePair<string, string>(entry.Key, entry.Value))),
            },
            Ct);

    public async Task<string> ExportAsync(IExportFormat format)
    {
        using var destination = new MemoryStream();
        await format.WriteAsync(Store, Session, destination, WorkProgress.None, Ct);
        return Encoding.UTF8.GetString(destination.ToArray());
    }
}
