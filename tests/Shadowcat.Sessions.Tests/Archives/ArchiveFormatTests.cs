using System.Text;
using System.Text.Json;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Snapshots;

namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>The lines of an archive: what they are called, what becomes of a payload, and that they never change.</summary>
public sealed class ArchiveFormatTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A payload, and the member it is in: as it is, as text, or as base64.</summary>
    public static TheoryData<string, byte[], string> Payloads => new()
    {
        { "object", """{"a":[1,2.50,null],"b":{"c":"\u00e9 é / \/"}}"""u8.ToArray(), "raw object" },
        { "array", "[]"u8.ToArray(), "raw array" },
        { "spaces", "{ \"a\" :\t1 }"u8.ToArray(), "raw object" },
        { "member twice", """{"a":1,"a":2}"""u8.ToArray(), "raw object" },
        { "number that no computer holds", "[1e400,-0,12345678901234567890]"u8.ToArray(), "raw array" },
        { "half of a surrogate pair, escaped", """["\ud800"]"""u8.ToArray(), "raw array" },
        { "as deep as it goes", Deep(63), "raw array" },
        { "too deep", Deep(64), "raw string" },
        { "carriage return behind", "{}\r"u8.ToArray(), "raw string" },
        { "space before", " {}"u8.ToArray(), "raw string" },
        { "line breaks", "{\n\"a\":1\r\n}"u8.ToArray(), "raw string" },
        { "no JSON", "{a}"u8.ToArray(), "raw string" },
        { "a comment", "{/*}*/}"u8.ToArray(), "raw string" },
        { "two values", "{}{}"u8.ToArray(), "raw string" },
        { "a string", "\"text\""u8.ToArray(), "raw string" },
        { "mostly quotation marks", "\"\"\""u8.ToArray(), "raw_base64" },
        { "a number", "1"u8.ToArray(), "raw string" },
        { "nothing", [], "raw string" },
        { "text", "größe 🙈 \u2028 \u007f \ufeff"u8.ToArray(), "raw string" },
        { "cut off", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"na"""u8.ToArray(), "raw string" },
        { "control characters", Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), "raw_base64" },
        { "every byte", Enumerable.Range(0, 256).Select(i => (byte)i).ToArray(), "raw_base64" },
        { "no UTF-8 in JSON", [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8], "raw_base64" },
        { "encoded half of a surrogate pair", [.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], "raw_base64" },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Payload_AnyBytes_ComeBackAsTheyWere(string name, byte[] payload, string member)
    {
        var store = new InMemorySessionStore();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, payload), Ct);
        var original = await store.GetFramesAsync(session.Id, default, Ct).SingleAsync(Ct);

        var archive = await Archived.ExportAsync(store, session.Id);

        using var line = JsonDocument.Parse(Archived.Lines(archive)[1]);
        var written = line.RootElement.TryGetProperty("raw_base64", out _) ? "raw_base64" : $"raw {line.RootElement.GetProperty("raw").ValueKind.ToString().ToLowerInvariant()}";
        Assert.True(member == written, $"{name}: {written}");
        var other = new InMemorySessionStore();
        await Archived.ImportAsync(other, archive);
        var copy = await other.GetFramesAsync(session.Id, default, Ct).SingleAsync(Ct);
        Assert.Equal(payload, copy.Payload.ToArray());
        Assert.Equal(original, copy);
        Assert.Equal(archive, await Archived.ExportAsync(other, session.Id));
    }

    [Fact]
    public async Task Format2_Snapshot_IsReadAndWrittenAsItWas()
    {
        var session = Snapshot();
        var store = new InMemorySessionStore();
        await store.CreateSessionAsync(session, firstSequence: 41, Ct);
        await store.AddFramesAsync(session.Id, SnapshotFramesWithoutLongOnes(), Ct);

        var written = await Archived.ExportAsync(store, session.Id);
        var stored = SnapshotFiles.Read("archive-2.jsonl", () => written);

        Assert.Equal(Encoding.UTF8.GetString(stored), Encoding.UTF8.GetString(written));
        await AssertReadAsync(stored, session, store);
    }

    /// <summary>It had other names for two members, and no attributes.</summary>
    [Fact]
    public async Task Format1_Snapshot_IsRead()
    {
        var session = Snapshot() with { Attributes = SessionAttributes.None };
        var store = new InMemorySessionStore();
        await store.CreateSessionAsync(session, firstSequence: 41, Ct);
        await store.AddFramesAsync(session.Id, SnapshotFramesWithoutLongOnes(), Ct);

        await AssertReadAsync(SnapshotFiles.Read("archive-1.jsonl", () => []), session, store);
    }

    private static Session Snapshot()
    {
        var full = Make.FullSession();
        return new Session(SnapshotFrames.Id, full.TransportType)
        {
            Status = full.Status,
            State = full.State,
            Boundary = full.Boundary,
            CreatedAt = full.CreatedAt,
            ClientInfo = full.ClientInfo,
            ServerInfo = Peer.Parse("{\n  \"name\": \"server\"\n}"),
            VersionState = full.VersionState,
            Tags = full.Tags,
            Attributes = full.Attributes,
            TransportSessionId = full.TransportSessionId,
            CorrelationKey = full.CorrelationKey,
            Owner = full.Owner,
            CloseReason = full.CloseReason,
            TimeToLive = full.TimeToLive,
            MaxLifetime = full.MaxLifetime,
        };
    }

    private static MessageEnvelope[] SnapshotFramesWithoutLongOnes() =>
        [.. SnapshotFrames.All.Where(frame => !frame.Key.StartsWith("payload", StringComparison.Ordinal)).Select(frame => frame.Value)];

    private static async Task AssertReadAsync(byte[] archive, Session session, InMemorySessionStore store)
    {
        var other = new InMemorySessionStore();
        await Archived.ImportAsync(other, archive);
        Assert.Equal(
            await store.GetFramesAsync(session.Id, default, Ct).ToListAsync(Ct),
            await other.GetFramesAsync(session.Id, default, Ct).ToListAsync(Ct));
        var copy = await other.GetSessionAsync(session.Id, Ct);
        Assert.Equal(
            session with { Generation = copy!.Generation, FrameCount = copy.FrameCount, FirstSequence = 41, LastActivity = copy.LastActivity, ExpiresAt = copy.ExpiresAt, Version = 1 },
            copy);
    }

    [Fact]
    public void Names_EveryValue_HasOneOfItsOwn()
    {
        AssertNamed(JsonNames.Transports);
        AssertNamed(JsonNames.Statuses);
        AssertNamed(JsonNames.States);
        AssertNamed(JsonNames.Boundaries);
        AssertNamed(JsonNames.Directions);
        AssertNamed(JsonNames.Kinds);
        Assert.Equal(Enum.GetValues<MessageFlags>().Length - 1, JsonNames.Of(Enum.GetValues<MessageFlags>().Aggregate((flags, flag) => flags | flag)).Distinct(StringComparer.Ordinal).Count());
        Assert.Throws<FormatException>(() => JsonNames.Transports.Parse("Stdio"));
    }

    /// <summary>The check as the description says it, by other means.</summary>
    [Fact]
    public async Task Check_IsTheHashOfTheLinesUpToIt()
    {
        var store = new InMemorySessionStore();
        var session = await Archived.RecordedAsync(store, frames: 5);
        var lines = Archived.Lines(await Archived.ExportAsync(store, session.Id));

        var before = "";
        foreach (var line in lines)
        {
            var at = line.LastIndexOf(",\"check\":\"", StringComparison.Ordinal);
            var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(before + line[..at]));
            before = Convert.ToHexStringLower(hash)[..16];
            Assert.Equal($",\"check\":\"{before}\"}}", line[at..]);
        }

        Assert.Equal(7, lines.Length);
    }

    private static byte[] Deep(int levels) => [.. Enumerable.Repeat((byte)'[', levels), .. Enumerable.Repeat((byte)']', levels)];

    private static void AssertNamed<TEnum>(WireNames<TEnum> names)
        where TEnum : struct, Enum
    {
        var values = Enum.GetValues<TEnum>();
        Assert.All(values, value => Assert.Equal(value, names.Parse(names[value])));
        Assert.Equal(values.Length, values.Select(value => names[value]).Distinct(StringComparer.Ordinal).Count());
    }
}
