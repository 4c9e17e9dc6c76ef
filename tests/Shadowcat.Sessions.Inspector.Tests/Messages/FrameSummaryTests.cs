using System.Text;
using System.Text.Json;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Inspector.Tests.Messages;

/// <summary>What a list of messages says of each.</summary>
public sealed class FrameSummaryTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":{"progressToken":7}}}""", """{"k":"request","m":"tools/call","i":"1","n":"echo","pt":"7"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","method":"prompts/get","params":{"name":"greet","_meta":{"progressToken":"7"}}}""", """{"k":"request","m":"prompts/get","i":"\"1\"","n":"greet","pt":"\"7\""}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a"}}""", """{"k":"request","m":"resources/read","i":"1","n":"file:///a"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"x"}}}""", """{"k":"request","m":"completion/complete","i":"1","n":"greet"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1.5,"total":3}}""", """{"k":"notification","m":"notifications/progress","pt":"\"p\"","pr":[1.5,3]}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":2}}""", """{"k":"notification","m":"notifications/progress","pt":"1","pr":[2]}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":12,"reason":"no"}}""", """{"k":"notification","m":"notifications/cancelled","ri":"12"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"recording/cancelled","params":{"id":"12"}}""", """{"k":"notification","m":"recording/cancelled","ri":"\"12\""}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"warning","data":{"level":"deeper"}}}""", """{"k":"notification","m":"notifications/message","lv":"warning"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"method":"tasks/get","params":{"taskId":"t-1"}}""", """{"k":"request","m":"tasks/get","i":"5","ti":"t-1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"result":{"task":{"taskId":"t-1","status":"working"}}}""", """{"k":"response","i":"5","ti":"t-1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"result":{"content":[],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t-2"}}}}""", """{"k":"response","i":"5","ti":"t-2"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"result":{"content":[{"isError":true,"text":"x"}],"isError":false}}""", """{"k":"response","i":"5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"result":{"content":[{"text":"x"}],"isError":true}}""", """{"k":"response","i":"5","te":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"error":{"code":-32601,"message":"no such method","data":{"code":1}}}""", """{"k":"error","i":"5","e":{"code":-32601,"message":"no such method"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"error":{"code":123456789012345678901234567890}}""", """{"k":"error","i":"5","e":{"code":"123456789012345678901234567890"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1e999,"progress":-1e999,"total":0.1234567890123456789}}""", """{"k":"notification","m":"notifications/progress","pt":"1e999","pr":["-1e999","0.1234567890123456789"]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"</script>","method":"__proto__","params":{"name":"\u202e{{7*7}}${7*7}<%=7*7%>"}}""", """{"k":"request","m":"__proto__","i":"\"</script>\"","n":"‮{{7*7}}${7*7}<%=7*7%>"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":5,"error":{}}""", """{"k":"error","i":"5","e":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[1,{"name":"x"}]}""", """{"k":"request","m":"tools/call","i":"1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{"a":1},"_meta":3}}""", """{"k":"request","m":"tools/call","i":"1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"half \ud800"}}""", """{"k":"request","m":"tools/call","i":"1"}""")]
    [InlineData("no message", """{"k":"unparsed"}""")]
    [InlineData("", """{"k":"unparsed"}""")]
    public void Write_AMessage_SaysWhatListsShow(string payload, string expected)
    {
        var summary = Summary(Frame(payload));

        Assert.Equal(expected, Without(summary, "s", "t", "d", "z"));
        Assert.Equal(Encoding.UTF8.GetByteCount(payload), summary.GetProperty("z").GetInt64());
    }

    [Fact]
    public void Write_MessageWithByteOrderMark_IsReadBehindIt()
    {
        var plain = Frame("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}""");
        var summary = Summary(plain with { Payload = Encoding.UTF8.GetBytes("\uFEFF" + Encoding.UTF8.GetString(plain.Payload.Span)) });

        Assert.Equal("echo", summary.GetProperty("n").GetString());
    }

    [Theory]
    [InlineData(MessageDirection.ClientToServer, "c")]
    [InlineData(MessageDirection.ServerToClient, "s")]
    [InlineData(MessageDirection.Internal, "i")]
    public void Write_TimeAndDirection_AreExact(MessageDirection direction, string expected)
    {
        var summary = Summary(Frame("{}") with { Direction = direction, Sequence = 41 });

        Assert.Equal((41, expected), (summary.GetProperty("s").GetInt64(), summary.GetProperty("d").GetString()));
        Assert.Equal(1_772_600_767_001.2345m, summary.GetProperty("t").GetDecimal());
    }

    [Fact]
    public void Write_MetadataAndFlags_AreWords()
    {
        var frame = Frame("{}") with
        {
            Flags = MessageFlags.Truncated | MessageFlags.Redacted | MessageFlags.Undelivered,
            ExchangeId = "x-1",
            Metadata = FrameMetadata.Create(
            [
                new(ExchangeEnd.Key, ExchangeEnd.Cancelled), new(ExchangeEnd.ByKey, ExchangeEnd.Client), new("http.status", "404"), new("recording.dropped", "3"), new("recording.length", "99"),
                new("recording.withheld", "too_large"), new("shadowcat.protected", "2"),
            ]),
        };

        Assert.Equal(
            """{"k":"unparsed","x":"x-1","h":404,"g":3,"rl":99,"en":{"how":"cancelled","by":"client"},"f":["cut","redacted","undelivered","withheld","protected","ended","gap"]}""",
            Without(Summary(frame), "s", "t", "d", "z"));
    }

    [Fact]
    public void Write_HostileNumbersInMetadata_AreLeftOut()
    {
        var frame = Frame("{}") with { Metadata = FrameMetadata.Create([new("http.status", "2e9"), new("recording.dropped", "<script>"), new("recording.length", "")]) };

        Assert.Equal("""{"k":"unparsed","f":["gap"]}""", Without(Summary(frame), "s", "t", "d", "z"));
    }

    [Fact]
    public void Write_RequestStates_AreEqualWhereTheyAre()
    {
        var asked = Summary(Frame("""{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","requestState":"st\u0061te-1"}}"""));
        var retried = Summary(Frame("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"x","requestState":"state-1"}}"""));
        var other = Summary(Frame("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"x","requestState":"state-2"}}"""));

        Assert.Equal(asked.GetProperty("rs").GetString(), retried.GetProperty("rs").GetString());
        Assert.NotEqual(asked.GetProperty("rs").GetString(), other.GetProperty("rs").GetString());
    }

    [Fact]
    public void Write_LongTexts_AreCutOff()
    {
        var summary = Summary(Frame($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{new string('x', 255)}}}{{{string.Concat(Enumerable.Repeat("👩", 100_000))}}}"}}"""));

        // Half of a character is no text.
        Assert.Equal(new string('x', 255) + "…", summary.GetProperty("n").GetString());
    }

    /// <summary>A depth at which what calls itself for each level ends the process.</summary>
    [Fact]
    public void Read_100000Levels_IsReadToItsEnd()
    {
        const int Levels = 100_000;
        var payload = Encoding.UTF8.GetBytes($$$"""{"id":1,"params":{"arguments":{{{new string('[', Levels)}}}{{{new string(']', Levels)}}},"name":"echo"}}""");

        Assert.Equal("echo", MessageReader.Read(payload, MessageKind.Request).Target);
    }

    [Fact]
    public void Read_100MiB_LooksAtTheBeginningOnly()
    {
        const int Bytes = 100 * 1024 * 1024;
        var payload = new byte[Bytes];
        payload.AsSpan().Fill((byte)'x');
        "{\"params\":{\"name\":\"echo\",\"text\":\""u8.CopyTo(payload);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var details = MessageReader.Read(payload, MessageKind.Request);

        Assert.Equal("echo", details.Target);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 * 1024);
    }

    [Theory]
    [InlineData("{\"params\":{\"name\":\"echo\",\"argu", "echo")]
    [InlineData("{\"params\":{\"name\":\"ec", null)]
    [InlineData("{\"params\":{\"name\":\"echo\",]", "echo")]
    [InlineData("[{\"params\":{\"name\":\"echo\"}}]", null)]
    public void Read_WhatIsCutOffOrBroken_IsWhatCameBefore(string payload, string? target) =>
        Assert.Equal(target, MessageReader.Read(Encoding.UTF8.GetBytes(payload), MessageKind.Request).Target);

    private static MessageEnvelope Frame(string payload) =>
        new(new SessionId("s"), MessageDirection.ClientToServer, TransportType.Stdio, Encoding.UTF8.GetBytes(payload), Recorded.At.AddTicks(12_345));

    private static JsonElement Summary(MessageEnvelope frame)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonAnswer.Options))
        {
            FrameSummary.Write(json, new BorrowedFrame(frame));
        }

        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static string Without(JsonElement summary, params string[] names) =>
        "{" + string.Join(',', summary.EnumerateObject().Where(member => !names.Contains(member.Name, StringComparer.Ordinal)).Select(static member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";
}
