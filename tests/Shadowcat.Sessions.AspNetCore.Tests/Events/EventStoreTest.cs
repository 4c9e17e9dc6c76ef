using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>What the suites of an event store have in common. They ask for what the SDK's own tests ask of the store that it has, and for more.</summary>
public abstract class EventStoreTest(EventSessions sessions) : IAsyncDisposable
{
    private protected const string Session = "the session";

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The store under test, and on Redis another process's.</summary>
    protected ISessionStore Sessions => sessions.Here;

    protected ISessionStore OtherProcess => sessions.OtherProcess;

    public async ValueTask DisposeAsync()
    {
        await sessions.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static SessionEventStore Store(ISessionStore sessions, SessionEventStoreOptions? options = null) =>
        new(Log(sessions, options), NullLogger<SessionEventStore>.Instance);

    private protected static EventLog Log(ISessionStore sessions, SessionEventStoreOptions? options = null) => new(sessions, Options.Create(options ?? new()));

    private protected static SseItem<JsonRpcMessage?> Item(int number) => new(Note(number), "message");

    private protected async Task<ISseEventStreamWriter> WriterAsync(SseEventStreamMode mode = SseEventStreamMode.Streaming, string session = Session, string stream = "1") =>
        await Store(Sessions).CreateStreamAsync(Stream(session, stream, mode), Ct);

    private protected async Task<ISseEventStreamReader> ReaderAsync(string id) => (await Store(Sessions).GetStreamReaderAsync(id, Ct))!;

    private protected async Task<List<SseItem<JsonRpcMessage?>>> ReadAsync(string id) => await (await ReaderAsync(id)).ReadEventsAsync(Ct).ToListAsync(Ct);

    /// <summary>The events with a message.</summary>
    private protected async Task<List<SseItem<JsonRpcMessage?>>> ReadNewsAsync(string id) => (await ReadAsync(id)).FindAll(item => item.Data is not null);

    private protected static async Task<string[]> WriteAsync(ISseEventStreamWriter writer, int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = (await writer.WriteEventAsync(Item(i), Ct)).EventId!;
        }

        return ids;
    }

    private protected static int Number(SseItem<JsonRpcMessage?> item) => ((JsonRpcNotification)item.Data!).Params!["number"]!.GetValue<int>();

    private protected static JsonRpcNotification Note(int number) => new() { Method = "note", Params = new JsonObject { ["number"] = number } };

    private protected static SseEventStreamOptions Stream(string session, string stream, SseEventStreamMode mode = SseEventStreamMode.Streaming) =>
        new() { SessionId = session, StreamId = stream, Mode = mode };

    private protected static string Text(SseItem<JsonRpcMessage?> item) =>
        $"{item.EventId} {item.EventType} {item.ReconnectionInterval} {System.Text.Json.JsonSerializer.Serialize(item.Data, McpJsonUtilities.DefaultOptions)}";
}
