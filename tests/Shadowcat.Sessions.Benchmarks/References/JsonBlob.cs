using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>
/// A session as people write it by hand: one string of JSON with everything in it, read, changed and written back for each frame. To
/// keep it at its size the oldest frame goes where a new one comes. Each caller has a session of its own, so that no write is lost:
/// nothing here would prevent it.
/// </summary>
internal sealed partial class JsonBlob(Bench bench, int frames) : Operation<bool>
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    // The fastest settings we know of: generated code, and quotation marks escaped by one character instead of six.
    private static readonly BlobJson Context = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private readonly IDatabase _database = bench.Database;
    private readonly string[] _payloads = [.. Messages.Payloads.Select(System.Text.Encoding.UTF8.GetString)];
    private RedisKey[] _keys = [];

    public override async Task BeginRoundAsync(int callers)
    {
        _keys = [.. Enumerable.Range(0, callers).Select(i => (RedisKey)bench.Key($"blob:{i}"))];
        var blob = new Blob { Id = SessionId.New().Value, Status = "active", LastActivity = TimeProvider.System.GetUtcNow() };
        blob.Frames.AddRange(Enumerable.Range(0, frames).Select(i => NewFrame(i)));
        var json = JsonSerializer.SerializeToUtf8Bytes(blob, Context.Blob);
        foreach (var key in _keys)
        {
            await _database.StringSetAsync(key, json, TimeToLive);
        }
    }

    public override Task EndRoundAsync() => bench.RemoveAsync(_keys);

    public override async ValueTask<bool> CallAsync(int caller, long call)
    {
        byte[] json = (await _database.StringGetAsync(_keys[caller]))!;
        var blob = JsonSerializer.Deserialize(json, Context.Blob)!;
        blob.Frames.RemoveAt(0);
        blob.Frames.Add(NewFrame(frames + call));
        blob.LastActivity = TimeProvider.System.GetUtcNow();
        return await _database.StringSetAsync(_keys[caller], JsonSerializer.SerializeToUtf8Bytes(blob, Context.Blob), TimeToLive);
    }

    private BlobFrame NewFrame(long sequence) => new()
    {
        Sequence = sequence,
        Direction = "client-to-server",
        Timestamp = TimeProvider.System.GetUtcNow(),
        Payload = _payloads[sequence % _payloads.Length],
    };

    internal sealed class Blob
    {
        public required string Id { get; init; }

        public required string Status { get; init; }

        public DateTimeOffset LastActivity { get; set; }

        public List<BlobFrame> Frames { get; init; } = [];
    }

    internal sealed class BlobFrame
    {
        public long Sequence { get; init; }

        public required string Direction { get; init; }

        public DateTimeOffset Timestamp { get; init; }

        public required string Payload { get; init; }
    }

    [JsonSerializable(typeof(Blob))]
    private sealed partial class BlobJson : JsonSerializerContext;
}
