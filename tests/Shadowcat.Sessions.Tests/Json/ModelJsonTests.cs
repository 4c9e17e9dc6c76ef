using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shadowcat.Sessions.Tests.Archives;
using Shadowcat.Sessions.Tests.Redis;

namespace Shadowcat.Sessions.Tests.Json;

/// <summary>The model as JSON: the names that people know, the same values back, and nothing invalid from what is no such JSON.</summary>
public sealed class ModelJsonTests
{
    private const string Smallest = """{"session_id":"s","transport_type":"http"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Options of applications: none, other names, indented, strict, small, and generated.</summary>
    private static JsonSerializerOptions[] AllOptions { get; } =
    [
        JsonSerializerOptions.Default,
        JsonSerializerOptions.Web,
        JsonSerializerOptions.Strict,
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault },
        new() { MaxDepth = 40, AllowTrailingCommas = true, ReadCommentHandling = JsonCommentHandling.Skip },
        ModelJson.Default.Options,
    ];

    private static JsonSerializerOptions InPieces { get; } = new() { DefaultBufferSize = 16 };

    [Fact]
    public void Session_Full_HasTheNamesThatPeopleKnow()
    {
        var session = new Session(new SessionId("s-1"), TransportType.StreamableHttp)
        {
            Generation = new Guid("0123456789abcdef0123456789abcdef"),
            State = SessionState.Active,
            Boundary = SessionBoundary.Correlated,
            CreatedAt = Make.At,
            ClientInfo = Peer.Parse("""{ "name":"client", "version":"1.0", "x":[1e400] }"""),
            ServerInfo = Peer.Create("server", "2.0"),
            VersionState = new VersionState { Requested = "2026-07-28", Negotiated = "2025-11-25", Attempts = [new VersionAttempt("2026-07-28", "2025-11-25"), new VersionAttempt("2025-11-25")] },
            Tags = ["prod", "eu"],
            Attributes = SessionAttributes.Create([new("upstream", "http://a"), new("replica", "7")]),
            TransportSessionId = "t",
            CorrelationKey = "k",
            Owner = new SessionOwner("sub", "alice", "issuer"),
            CloseReason = "none yet",
            TimeToLive = TimeSpan.FromMinutes(1),
            MaxLifetime = TimeSpan.FromHours(1),
            FirstSequence = 3,
            FrameCount = 5,
            LastActivity = Make.At.AddMilliseconds(1),
            ExpiresAt = Make.At.AddMinutes(1),
            Version = 2,
        };

        Assert.Equal(
            Quoted("{'session_id':'s-1','transport_type':'streamable-http','status':'active','state':'active','boundary':'correlated',")
            + Quoted("'client_info':{ 'name':'client', 'version':'1.0', 'x':[1e400] },'server_info':{'name':'server','version':'2.0'},")
            + Quoted("'version_state':{'requested':'2026-07-28','negotiated':'2025-11-25','attempts':[['2026-07-28','2025-11-25'],['2025-11-25']]},")
            + Quoted("'tags':['eu','prod'],'attributes':{'replica':'7','upstream':'http://a'},'transport_session_id':'t','correlation_key':'k','owner':['sub','alice','issuer'],'close_reason':'none yet',")
            + Quoted("'created_at':'2026-03-04T05:06:07.000Z','ttl_ms':60000,'max_lifetime_ms':3600000,'first_seq':3,'frame_count':5,'last_activity':'2026-03-04T05:06:07.001Z',")
            + Quoted("'expires_at':'2026-03-04T05:07:07.000Z','version':2,'generation':'0123456789abcdef0123456789abcdef'}"),
            JsonSerializer.Serialize(session));
    }

    [Fact]
    public void Frame_Full_HasTheNamesThatPeopleKnow()
    {
        var frame = Make.FullFrame(new SessionId("s-1")) with { Sequence = 7, Metadata = FrameMetadata.Create([new("b", "2"), new("a", "1")]) };

        Assert.Equal(
            Quoted("{'session_id':'s-1','seq':7,'ts':'2026-03-04T05:06:07.1234567Z','direction':'s2c','transport_type':'websocket','kind':'request','method':'own/method','id':'gr\\u00F6\\u00DFe-1',")
            + Quoted("'exchange_id':'exchange/\\u65E5\\u672C','protocol_version':'2025-11-25','flags':['truncated','undelivered'],'metadata':{'a':'1','b':'2'},")
            + Quoted("'raw':{'jsonrpc':'2.0','id':'größe-1','method':'own/method','params':{'protocolVersion':'2025-11-25'}}}"),
            JsonSerializer.Serialize(frame));
    }

    [Fact]
    public async Task Values_AnyOptions_ComeBackAsTheyWere()
    {
        var store = new InMemorySessionStore();
        var stored = await store.CreateSessionAsync(Make.FullSession(), Ct);
        var odd = new Session(new SessionId("odd"), TransportType.Stdio) { ServerInfo = Peer.Parse(" {\n}\r\n "), VersionState = new VersionState() };
        MessageEnvelope[] frames = [Make.FullFrame(stored.Id), .. SnapshotFrames.All.Values, .. Payloads().Select(payload => Make.Frame(stored.Id, payload))];
        foreach (var options in AllOptions)
        {
            Assert.All([stored, odd, Make.Session()], session => Assert.Equal(session, Again(session, options)));
            Assert.All(frames, frame => Assert.Equal(frame, Again(frame, options)));
            Assert.Equal(frames, Again(frames.ToList(), options));
            var view = new SessionView(stored, frames, SessionStatus.TimedOut, odd.Id, frames[0].RequestId);
            var copy = Again(view, options);
            Assert.Equal(view with { Frames = copy.Frames }, copy);
            Assert.Equal(view.Frames, copy.Frames);
        }
    }

    [Fact]
    public async Task Values_FromAStreamInPieces_ComeBackAsTheyWere()
    {
        var frames = Enumerable.Range(0, 50).Select(i => Make.Frame(new SessionId("s"), Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', i * 1000)}}ö"}"""))).ToList();
        using var stream = new MemoryStream();
        await JsonSerializer.SerializeAsync(stream, frames, cancellationToken: Ct);
        stream.Position = 0;

        Assert.Equal(frames, await JsonSerializer.DeserializeAsync<List<MessageEnvelope>>(stream, InPieces, Ct));
    }

    [Fact]
    public void Smallest_IsANewSession()
    {
        var session = JsonSerializer.Deserialize<Session>(Smallest)!;

        Assert.Equal(new Session(new SessionId("s"), TransportType.Http) { Generation = session.Generation }, session);
        Assert.NotEqual(session.Generation, JsonSerializer.Deserialize<Session>(Smallest)!.Generation);
        Assert.Equal(
            session, JsonSerializer.Deserialize<Session>("""{"future":[{"tags":1}],"tags":null,"owner":null,"status":null,"transport_type":"http","session_id":"s","generation":"GEN"}""".Replace("GEN", session.Generation.ToString("N"), StringComparison.Ordinal)));
    }

    [Fact]
    public void Frame_WithoutAKind_IsReadFromItsPayload()
    {
        var frame = JsonSerializer.Deserialize<MessageEnvelope>(
            """{"session_id":"s","ts":"2026-03-04T06:06:07+01:00","direction":"c2s","transport_type":"http","raw":{"jsonrpc":"2.0","id":1,"method":"tools/list"}}""")!;

        Assert.Equal((MessageKind.Request, "tools/list", RequestId.FromNumber(1), Make.At), (frame.Kind, frame.Method, frame.RequestId, frame.Timestamp));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"session_id\":\"s\"}")]
    [InlineData("{\"transport_type\":\"http\"}")]
    [InlineData("{\"session_id\":\"\",\"transport_type\":\"http\"}")]
    [InlineData("{\"session_id\":\"a b\",\"transport_type\":\"http\"}")]
    [InlineData("{\"session_id\":7,\"transport_type\":\"http\"}")]
    [InlineData("{\"session_id\":\"s\",\"transport_type\":1}")]
    [InlineData("{\"session_id\":\"s\",\"transport_type\":\"Http\"}")]
    [InlineData("\"status\":\"\"")]
    [InlineData("\"state\":\"Closed\"")]
    [InlineData("\"boundary\":[]")]
    [InlineData("\"client_info\":7")]
    [InlineData("\"client_info\":\"no JSON\"")]
    [InlineData("\"client_info\":{\"name\":\"\\ud800\"}")]
    [InlineData("\"version_state\":[]")]
    [InlineData("\"version_state\":{\"requested\":\"\"}")]
    [InlineData("\"version_state\":{\"attempts\":[[]]}")]
    [InlineData("\"tags\":\"a\"")]
    [InlineData("\"tags\":[\"\"]")]
    [InlineData("\"tags\":[null]")]
    [InlineData("\"attributes\":{\"a\":1}")]
    [InlineData("\"attributes\":{\"a\":\"\",\"a\":\"\"}")]
    [InlineData("\"owner\":[\"sub\",\"alice\"]")]
    [InlineData("\"owner\":{}")]
    [InlineData("\"close_reason\":\"\"")]
    [InlineData("\"correlation_key\":\"\\udc00\"")]
    [InlineData("\"created_at\":\"2026-03-04T05:06:07\"")]
    [InlineData("\"created_at\":\"2026-03-04\"")]
    [InlineData("\"created_at\":1772600767")]
    [InlineData("\"ttl_ms\":0")]
    [InlineData("\"ttl_ms\":9223372036854775807")]
    [InlineData("\"max_lifetime_ms\":1.5")]
    [InlineData("\"version\":\"1\"")]
    [InlineData("\"frame_count\":99999999999999999999")]
    [InlineData("\"generation\":\"x\"")]
    public void Session_Bad_IsAJsonException(string json)
    {
        foreach (var options in AllOptions)
        {
            var text = json.StartsWith('"') ? Smallest.Replace("}", $",{json}}}", StringComparison.Ordinal) : json;
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Session>(text, options));
        }
    }

    [Theory]
    [InlineData("session_id", "\"\"")]
    [InlineData("session_id", null)]
    [InlineData("ts", "\"1969-12-31T23:59:59Z\"")]
    [InlineData("ts", "\"soon\"")]
    [InlineData("ts", null)]
    [InlineData("direction", "\"up\"")]
    [InlineData("direction", null)]
    [InlineData("transport_type", "0")]
    [InlineData("transport_type", null)]
    [InlineData("kind", "\"batch\"")]
    [InlineData("method", "\"\"")]
    [InlineData("id", "true")]
    [InlineData("id", "{}")]
    [InlineData("flags", "[\"none\"]")]
    [InlineData("flags", "\"truncated\"")]
    [InlineData("metadata", "[]")]
    [InlineData("metadata", "{\"a\":null}")]
    [InlineData("seq", "\"1\"")]
    [InlineData("raw", null)]
    [InlineData("raw", "7")]
    [InlineData("raw", "\"\\ud800\"")]
    [InlineData("raw_base64", "\"*\"")]
    public void Frame_Bad_IsAJsonException(string member, string? value)
    {
        var good = JsonSerializer.SerializeToNode(Make.FullFrame(new SessionId("s")))!.AsObject();
        good.Remove(member);
        var json = value is null ? good.ToJsonString() : $"{good.ToJsonString()[..^1]},\"{member}\":{value}}}";

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<MessageEnvelope>(json));
    }

    /// <summary>One form for all: what an archive says of a session and of a frame is what the serializer says.</summary>
    [Fact]
    public async Task Archive_SaysTheSame()
    {
        var store = new InMemorySessionStore();
        var session = await store.CreateSessionAsync(Make.FullSession() with { ServerInfo = Peer.Parse("{\"name\":\"server\"}") }, Ct);
        await store.AddFrameAsync(Make.FullFrame(session.Id), Ct);
        var frame = await store.GetFramesAsync(session.Id, default, Ct).SingleAsync(Ct);
        var lines = Archived.Lines(await Archived.ExportAsync(store, session.Id));

        AssertSame(lines[0], JsonSerializer.Serialize(session), ["type", "v", "check"], ["frame_count", "last_activity", "expires_at", "version", "generation"]);
        AssertSame(lines[1], JsonSerializer.Serialize(frame), ["check"], []);
    }

    private static string Quoted(string json) => json.Replace('\'', '"');

    private static void AssertSame(string line, string json, string[] inLineOnly, string[] inJsonOnly)
    {
        using var archived = JsonDocument.Parse(line);
        using var written = JsonDocument.Parse(json);
        var expected = Members(archived, inLineOnly);
        var actual = Members(written, inJsonOnly);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, member => Assert.True(JsonElement.DeepEquals(member.Value, actual[member.Key]), $"'{member.Key}' is {member.Value} there, and {actual[member.Key]} here"));
    }

    private static SortedDictionary<string, JsonElement> Members(JsonDocument document, string[] without) => new(
        document.RootElement.EnumerateObject().Where(member => !without.Contains(member.Name, StringComparer.Ordinal)).ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static IEnumerable<byte[]> Payloads() => ArchiveFormatTests.Payloads.Select(row => row.Data.Item2);

    private static T Again<T>(T value, JsonSerializerOptions options) =>
        options == ModelJson.Default.Options
            ? (T)JsonSerializer.Deserialize(JsonSerializer.Serialize(value, typeof(T), ModelJson.Default), typeof(T), ModelJson.Default)!
            : JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, options), options)!;
}
