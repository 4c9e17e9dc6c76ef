using System.Text;

namespace Shadowcat.Sessions.Tests.Frames;

/// <summary>What an envelope reads from its payload.</summary>
public sealed class JsonRpcHeaderTests
{
    public static TheoryData<string> NotOneMessage =>
    [
        "",
        " ",
        "null",
        "1",
        "\"text\"",
        "{}",
        "[]",
        """[{"jsonrpc":"2.0","id":1,"method":"ping"}]""",
        """{"id":1,"method":"ping"}""",
        """{"jsonrpc":"1.0","id":1,"method":"ping"}""",
        """{"jsonrpc":2.0,"id":1,"method":"ping"}""",
        """{"jsonrpc":"2.0"}""",
        """{"jsonrpc":"2.0","id":1}""",
        """{"jsonrpc":"2.0","result":{}}""",
        """{"jsonrpc":"2.0","id":null,"result":{}}""",
        """{"jsonrpc":"2.0","id":1,"result":{},"error":{}}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""",
        """{"jsonrpc":"2.0","method":"ping","error":{}}""",
        """{"jsonrpc":"2.0","id":1,"error":"text"}""",
        """{"jsonrpc":"2.0","id":1,"error":null}""",
        """{"jsonrpc":"2.0","id":1,"method":7}""",
        """{"jsonrpc":"2.0","id":1,"method":null}""",
        """{"jsonrpc":"2.0","id":1,"method":""}""",
        """{"jsonrpc":"2.0","id":1,"method":"a\nb"}""",
        """{"jsonrpc":"2.0","id":1,"method":"\ud800"}""",
        """{"jsonrpc":"2.0","id":"\ud800","method":"ping"}""",
        """{"JSONRPC":"2.0","ID":1,"METHOD":"ping"}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping"} trailing""",
        """{"jsonrpc":"2.0","id":1,"method":"ping"}]""",
        """{"jsonrpc":"2.0","id":1,"method":"ping",}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping" /* comment */}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping" """,
        """{"jsonrpc":"2.0","id":1,"method":"pi""",
        """{"jsonrpc":"2.0","id":01,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1e,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":NaN,"method":"ping"}""",
        "{'jsonrpc':'2.0','id':1,'method':'ping'}",
        "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "\ufeff{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
    ];

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", MessageKind.Request, "tools/call")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}""", MessageKind.Request, "tools/call")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"x/own"}""", MessageKind.Request, "x/own")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", MessageKind.Notification, "notifications/initialized")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", MessageKind.Response, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":null}""", MessageKind.Response, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":[{"method":"inner"}]}""", MessageKind.Response, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}""", MessageKind.Error, null)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}""", MessageKind.Error, null)]
    [InlineData("""{"jsonrpc":"2.0","error":{}}""", MessageKind.Error, null)]
    public void Kind_OfEachShape_IsRead(string message, MessageKind kind, string? method)
    {
        var frame = Read(message);

        Assert.Equal((kind, method), (frame.Kind, frame.Method));
        Assert.Equal(message.Contains("\"id\":1", StringComparison.Ordinal) ? RequestId.FromNumber(1) : null, frame.RequestId);
    }

    [Theory]
    [MemberData(nameof(NotOneMessage))]
    public void Kind_OfAnythingElse_IsUnparsed(string message)
    {
        var frame = Read(message);

        Assert.Equal(MessageKind.Unparsed, frame.Kind);
        Assert.Null(frame.Method);
        Assert.Null(frame.RequestId);
        Assert.Null(frame.ProtocolVersion);
        Assert.Equal(message, Encoding.UTF8.GetString(frame.Payload.Span));
    }

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("0", "0", true)]
    [InlineData("-1", "-1", true)]
    [InlineData("-0", "-0", true)]
    [InlineData("1.5", "1.5", true)]
    [InlineData("1.0", "1.0", true)]
    [InlineData("1e3", "1e3", true)]
    [InlineData("1E+3", "1E+3", true)]
    [InlineData("9223372036854775807", "9223372036854775807", true)]
    [InlineData("9223372036854775808", "9223372036854775808", true)]
    [InlineData("-9223372036854775808", "-9223372036854775808", true)]
    [InlineData("1e400", "1e400", true)]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890", true)]
    [InlineData("\"\"", "", false)]
    [InlineData("\"a\\\"\\u0062\\n\"", "a\"b\n", false)]
    [InlineData("\"größe \\ud83d\\ude80\"", "größe 🚀", false)]
    public void RequestId_OfAnyType_KeepsTypeAndLiteral(string json, string value, bool isNumber)
    {
        var id = Read($$"""{"jsonrpc":"2.0","id":{{json}},"method":"m"}""").RequestId;

        Assert.Equal((value, isNumber), (id?.Value, id?.IsNumber));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("""{"a":{"b":1}}""")]
    public void RequestId_OfNoIdType_IsNone(string json)
    {
        Assert.Null(Read($$"""{"jsonrpc":"2.0","id":{{json}},"method":"m"}""").RequestId);
        Assert.Equal(MessageKind.Unparsed, Read($$$"""{"jsonrpc":"2.0","id":{{{json}}},"result":{}}""").Kind);
    }

    [Fact]
    public void RequestId_TooLong_IsNoneButStillMakesARequest()
    {
        var bound = new string('i', RequestId.MaxLength);

        Assert.Equal(bound, Read($$"""{"jsonrpc":"2.0","id":"{{bound}}","method":"m"}""").RequestId?.Value);
        var longer = Read($$"""{"jsonrpc":"2.0","id":"{{bound}}i","method":"m"}""");
        Assert.Equal((MessageKind.Request, null), (longer.Kind, longer.RequestId));
        Assert.Null(Read($$"""{"jsonrpc":"2.0","id":1{{new string('0', 1_000_000)}},"method":"m"}""").RequestId);
    }

    [Fact]
    public void Method_WithEscapes_IsUnescaped()
    {
        Assert.Equal("tools/call", Read("""{"jsonrpc":"2.0","id":1,"method":"tools\/c\u0061ll"}""").Method);
        Assert.Equal("größe/🚀", Read("""{"jsonrpc":"2.0","method":"gr\u00f6ße/\ud83d\ude80"}""").Method);
        Assert.Equal("m", Read("""{"\u006asonrpc":"2.\u0030","meth\u006fd":"m"}""").Method);
    }

    [Fact]
    public void Method_TooLong_MakesItUnparsed()
    {
        var bound = new string('m', 1024);

        Assert.Equal(bound, Read($$"""{"jsonrpc":"2.0","method":"{{bound}}"}""").Method);
        Assert.Equal(MessageKind.Unparsed, Read($$"""{"jsonrpc":"2.0","method":"{{bound}}m"}""").Kind);
        Assert.Equal(MessageKind.Unparsed, Read($$"""{"jsonrpc":"2.0","method":"{{new string('m', 3_000_000)}}"}""").Kind);
    }

    [Fact]
    public void Members_InAnyOrderAndAmongOthers_AreRead()
    {
        var frame = Read("""{"params":{"protocolVersion":"2025-06-18","method":"inner","id":2,"jsonrpc":"1.0"},"x":[1,{"method":"y"}],"method":"initialize","id":"a","jsonrpc":"2.0"}""");

        Assert.Equal((MessageKind.Request, "initialize", RequestId.FromString("a"), "2025-06-18"), (frame.Kind, frame.Method, frame.RequestId, frame.ProtocolVersion));
    }

    [Fact]
    public void Members_Twice_TakeTheLast()
    {
        var frame = Read("""{"jsonrpc":"1.0","jsonrpc":"2.0","id":1,"id":"2","method":"a","method":"b"}""");

        Assert.Equal((MessageKind.Request, "b", RequestId.FromString("2")), (frame.Kind, frame.Method, frame.RequestId));
        Assert.Equal(MessageKind.Unparsed, Read("""{"jsonrpc":"2.0","jsonrpc":"1.0","id":1,"method":"a"}""").Kind);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""", "2025-11-25")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"serverInfo":{"name":"x"},"protocolVersion":"2024-11-05"}}""", "2024-11-05")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"a":{"b":[1]},"io.modelcontextprotocol/protocolVersion":"DRAFT-1"},"x":1}}""", "DRAFT-1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list","id":95,"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"1999-01-01","io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list","id":94,"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"1999-01-01"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list","id":93,"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"1999-01-01"},"_meta":{}}}""", null)]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list","id":92,"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"1999-01-01"}},"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", "2025-11-25")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":20251125}}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":""}}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"a\tb"}}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":{"x":1}}}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":["protocolVersion","x"]}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":"protocolVersion"}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{"protocolVersion":"x"}}}""", null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","protocolVersion":"x"}""", null)]
    public void ProtocolVersion_WhereTheMessageNamesOne_IsRead(string message, string? version)
    {
        var frame = Read(message);

        Assert.NotEqual(MessageKind.Unparsed, frame.Kind);
        Assert.Equal(version, frame.ProtocolVersion);
    }

    [Fact]
    public void ProtocolVersion_TooLong_IsNone()
    {
        Assert.Equal(64, Read($$$"""{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"{{{new string('v', 64)}}}"}}""").ProtocolVersion?.Length);
        Assert.Null(Read($$$"""{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"{{{new string('v', 65)}}}"}}""").ProtocolVersion);
    }

    [Fact]
    public void Nesting_BeyondTheBound_MakesItUnparsed()
    {
        static string Nested(int depth) => """{"jsonrpc":"2.0","method":"m","params":""" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        static string NestedMeta(int depth) => """{"jsonrpc":"2.0","method":"m","params":{""" + string.Concat(Enumerable.Repeat("\"_meta\":{", depth)) + new string('}', depth + 2);

        Assert.Equal(MessageKind.Notification, Read(Nested(64)).Kind);
        Assert.Equal(MessageKind.Unparsed, Read(Nested(65)).Kind);
        Assert.Equal(MessageKind.Unparsed, Read(Nested(1_000_000)).Kind);
        Assert.Equal(MessageKind.Notification, Read(NestedMeta(60)).Kind);
        Assert.Equal(MessageKind.Unparsed, Read(NestedMeta(100_000)).Kind);
    }

    [Fact]
    public void InvalidUtf8_InTheHeader_MakesItUnparsed()
    {
        Assert.Equal(MessageKind.Unparsed, ReadBytes([.. "{\"jsonrpc\":\"2.0\",\"method\":\""u8, 0xC3, 0x28, .. "\"}"u8]).Kind);
        Assert.Equal(MessageKind.Unparsed, ReadBytes([.. "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":\""u8, 0xFF, .. "\"}"u8]).Kind);
        Assert.Equal(MessageKind.Unparsed, ReadBytes([0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0]).Kind);
    }

    [Fact]
    public void InvalidUtf8_ElsewhereInTheMessage_LeavesTheHeader()
    {
        var frame = ReadBytes([.. "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"x\":\""u8, 0xC3, 0x28, .. "\"}}"u8]);

        Assert.Equal((MessageKind.Notification, "m"), (frame.Kind, frame.Method));
    }

    [Fact]
    public void AnyBytes_NeverThrow()
    {
        var random = new Random(4711);
        var valid = """{"jsonrpc":"2.0","id":"x\u0041","method":"initialize","params":{"protocolVersion":"2025-11-25","_meta":{"a":[1,2]}}}"""u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = valid.AsSpan(0, random.Next(valid.Length + 1)).ToArray();
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Assert.Equal(bytes.Length, ReadBytes(bytes).Payload.Length);
        }
    }

    private static MessageEnvelope Read(string message) => ReadBytes(Encoding.UTF8.GetBytes(message));

    private static MessageEnvelope ReadBytes(byte[] message) => Make.Frame(new SessionId("s"), message);
}
