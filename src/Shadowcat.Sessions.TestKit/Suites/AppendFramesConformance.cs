using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.AddFrameAsync"/> and <see cref="ISessionStore.AddFramesAsync"/> promise.</summary>
internal sealed class AppendFramesConformance(IStoreHarness harness) : StoreConformance(harness)
{
    private static readonly Dictionary<string, byte[]> Payloads = new(StringComparer.Ordinal)
    {
        ["empty"] = [],
        ["one zero byte"] = [0],
        ["every byte"] = [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
        ["not JSON"] = "no json at all"u8.ToArray(),
        ["broken JSON"] = """{"jsonrpc":"2.0","method":"""u8.ToArray(),
        ["invalid UTF-8"] = [0x22, 0xC3, 0x28, 0xFF, 0x22],
        ["odd white space"] = "  {\r\n\t\"jsonrpc\" : \"2.0\" , \"id\":1,\"result\":{} }\n"u8.ToArray(),
        ["batch"] = """[{"jsonrpc":"2.0","id":1,"method":"ping"}]"""u8.ToArray(),
        ["255 bytes"] = Pattern(255),
        ["256 bytes"] = Pattern(256),
        ["65535 bytes"] = Pattern(65_535),
        ["65536 bytes"] = Pattern(65_536),
        ["1 MiB"] = Pattern(1024 * 1024),
    };

    public static TheoryData<string> PayloadNames => [.. Payloads.Keys];

    [Fact]
    public async Task Append_OneByOne_ReturnsDenseSequencesFromZero()
    {
        var store = await StoreAsync();
        var other = await CreatedAsync(store, frames: 2);
        var session = await CreatedAsync(store);
        for (var i = 0; i < 25; i++)
        {
            Assert.Equal(i, await store.AddFrameAsync(Make.Frame(session.Id, i), Ct));
        }

        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 25);
        Make.AssertNumbered(await ReadAsync(store, other.Id), 0, 2);
    }

    [Fact]
    public async Task AppendBatches_BetweenSingleFrames_LieSideBySide()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);

        Assert.Equal(0, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct));
        Assert.Equal(3, await store.AddFrameAsync(Make.Frame(session.Id, 3), Ct));
        Assert.Equal(4, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 1, first: 4), Ct));
        Assert.Equal(5, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 1000, first: 5), Ct));

        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 1005);
        Assert.Equal(1005, (await GottenAsync(store, session.Id)).FrameCount);
    }

    [Theory]
    [MemberData(nameof(PayloadNames))]
    public async Task Append_AnyPayload_IsReadBackByteForByte(string name)
    {
        var payload = Payloads[name];
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var frame = Make.Frame(session.Id, payload);

        await store.AddFrameAsync(frame, Ct);
        await store.AddFramesAsync(session.Id, [frame, frame], Ct);

        var read = await ReadAsync(await StoreAsync(), session.Id);
        Assert.Equal(3, read.Count);
        Assert.All(read, one => Assert.True(payload.AsSpan().SequenceEqual(one.Payload.Span)));
        Assert.All(read, one => Assert.Equal(frame with { Sequence = one.Sequence }, one));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","method":"x/größe"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"result":{"protocolVersion":"2025-11-25"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1e3,"error":{"code":1,"message":""}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":-0,"method":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":9223372036854775807,"method":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":-9223372036854775808,"method":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"","method":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"größe\n\u0000 👩‍🚀","method":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}""")]
    public async Task Append_AnyHeader_IsReadBackAsItWas(string message)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var frame = Make.Frame(session.Id, Encoding.UTF8.GetBytes(message));
        Assert.NotEqual(MessageKind.Unparsed, frame.Kind);

        await store.AddFrameAsync(frame, Ct);

        var read = Assert.Single(await ReadAsync(store, session.Id));
        Assert.Equal((frame.Kind, frame.Method, frame.RequestId, frame.ProtocolVersion), (read.Kind, read.Method, read.RequestId, read.ProtocolVersion));
        Assert.Equal(frame.RequestId?.IsNumber, read.RequestId?.IsNumber);
        Assert.Equal(frame, read);
    }

    [Fact]
    public async Task Append_EverythingSetByHand_IsReadBackAsItWas()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var frame = new MessageEnvelope(session.Id, MessageDirection.Internal, TransportType.Sse, "[redacted]"u8.ToArray(), Make.At)
        {
            Kind = MessageKind.Request,
            Method = "tools/größe",
            RequestId = RequestId.FromString("r-1"),
            ExchangeId = "exchange/1",
            ProtocolVersion = "2025-06-18",
            Flags = MessageFlags.Redacted | MessageFlags.Truncated | MessageFlags.Undelivered,
            Metadata = FrameMetadata.Create([new("header", "a\tb\r\n"), new("HEADER", ""), new("größe", "👩‍🚀"), new("big", new string('v', FrameMetadata.MaxValueLength))]),
            Sequence = 4711,
        };

        Assert.Equal(0, await store.AddFrameAsync(frame, Ct));

        var read = Assert.Single(await ReadAsync(store, session.Id));
        Assert.Equal(frame with { Sequence = 0 }, read);
        Assert.Equal(frame.Metadata, read.Metadata);
        Assert.Equal(frame.Flags, read.Flags);
    }

    [Fact]
    public async Task Append_AnyDirectionTransportKindAndFlags_IsReadBackAsItWas()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var frames = (
            from direction in Enum.GetValues<MessageDirection>()
            from transport in Enum.GetValues<TransportType>()
            from kind in Enum.GetValues<MessageKind>()
            from flags in Enum.GetValues<MessageFlags>()
            select new MessageEnvelope(session.Id, direction, transport, "{}"u8.ToArray(), Make.At) { Kind = kind, Flags = flags }).ToList();

        await store.AddFramesAsync(session.Id, frames, Ct);

        Assert.Equal(frames.Select((frame, index) => frame with { Sequence = index }), await ReadAsync(store, session.Id));
    }

    [Fact]
    public async Task Append_MuchMetadata_IsReadBackAsItWas()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var metadata = FrameMetadata.Create(Enumerable.Range(0, FrameMetadata.MaxCount)
            .Select(i => new KeyValuePair<string, string>($"{i:000}" + new string('k', FrameMetadata.MaxKeyLength - 3), new string((char)('a' + (i % 26)), i))));

        await store.AddFrameAsync(Make.Frame(session.Id) with { Metadata = metadata }, Ct);

        Assert.Equal(metadata, Assert.Single(await ReadAsync(store, session.Id)).Metadata);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00.0000001Z")]
    [InlineData("2026-03-04T05:06:07.1234567+02:00")]
    [InlineData("2038-01-19T03:14:08.9999999Z")]
    [InlineData("2600-01-01T00:00:00.0000009Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public async Task Append_AnyTime_IsReadBackTo100Nanoseconds(string time)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var timestamp = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

        await store.AddFrameAsync(Make.Frame(session.Id) with { Timestamp = timestamp }, Ct);

        var read = Assert.Single(await ReadAsync(store, session.Id));
        Assert.Equal(timestamp.UtcTicks, read.Timestamp.Ticks);
        Assert.Equal(TimeSpan.Zero, read.Timestamp.Offset);
    }

    [Fact]
    public async Task Append_BufferChangedAfterwards_KeepsWhatWasGiven()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var buffer = Pattern(3000);
        var slice = buffer.AsMemory(500, 1000);
        var expected = slice.ToArray();
        var frame = new MessageEnvelope(session.Id, MessageDirection.ClientToServer, TransportType.Http, slice, Make.At);
        MessageEnvelope[] batch = [frame, frame];

        await store.AddFrameAsync(frame, Ct);
        await store.AddFramesAsync(session.Id, batch, Ct);
        Array.Clear(buffer);
        Array.Clear(batch);

        var read = await ReadAsync(store, session.Id);
        Assert.Equal(3, read.Count);
        Assert.All(read, one => Assert.Equal(expected, one.Payload.ToArray()));
    }

    [Fact]
    public async Task Append_IsActivity()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        await TickAsync();
        var before = await Harness.NowAsync();
        await store.AddFrameAsync(Make.Frame(created.Id), Ct);
        var once = await GottenAsync(store, created.Id);
        await TickAsync();
        var between = await Harness.NowAsync();
        await store.AddFramesAsync(created.Id, Make.Frames(created.Id, 2), Ct);
        var twice = await GottenAsync(store, created.Id);

        Assert.InRange(once.LastActivity, before.AddMilliseconds(-1), between);
        AssertEndsByActivity(once);
        Assert.InRange(twice.LastActivity, between - Step(twice), await Harness.NowAsync());
        Assert.InRange(twice.LastActivity, once.LastActivity, await Harness.NowAsync());
        AssertEndsByActivity(twice);
        Assert.Equal(1, twice.Version);
    }

    [Fact]
    public async Task Append_NoSuchSession_IsRefusedAndLeavesNothing()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        await NotFoundAsync(id, "AddFrame", async () => await store.AddFrameAsync(Make.Frame(id), Ct));
        await NotFoundAsync(id, "AddFrames", async () => await store.AddFramesAsync(id, Make.Frames(id, 3), Ct));

        Assert.Null(await store.GetSessionAsync(id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await Harness.LeftoversAsync());
        await store.CreateSessionAsync(new Session(id, TransportType.Http), Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(id), Ct));
        Assert.Equal(1, await store.CountFramesAsync(id, Ct));
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) + (i >> 8)))];
}
