using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Stored messages are read as the SDK reads them, also those that it would never have written.</summary>
public sealed class StoredMessageTests
{
    public static TheoryData<string> Messages =>
    [
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":[1,2.50,1e3,null,true,"ä\u00e4"]}}}""",
        """{"jsonrpc":"2.0","id":"1","method":"ping"}""",
        """{"jsonrpc":"2.0","id":"","method":""}""",
        """{"jsonrpc":"2.0","id":-9223372036854775808,"method":"m","params":{}}""",
        """{"jsonrpc":"2.0","id":9223372036854775808,"method":"m"}""",
        """{"jsonrpc":"2.0","id":1.0,"method":"m"}""",
        """{"jsonrpc":"2.0","id":1e2,"result":{}}""",
        """{"jsonrpc":"2.0","id":-0,"result":{}}""",
        """{"jsonrpc":"2.0","id":null,"method":"m"}""",
        """{"jsonrpc":"2.0","id":true,"method":"m"}""",
        """{"jsonrpc":"2.0","id":{},"method":"m"}""",
        """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
        """{"jsonrpc":"2.0","method":"note","params":{"a":1,"A":2}}""",
        """{"jsonrpc":"2.0","method":"note","params":{"a":1,"a":2}}""",
        """{"jsonrpc":"2.0","method":"note","params":null}""",
        """{"jsonrpc":"2.0","method":"note","params":[1,{"a":2}]}""",
        """{"jsonrpc":"2.0","method":"note","params":"text"}""",
        """{"jsonrpc":"2.0","method":"n\u006fte","params":{"\u0061":"\ud83d\ude00"}}""",
        """{"jsonrpc":"2.0","m\u0065thod":"note","params":{}}""",
        """{"jsonrpc":"2.0","method":null,"id":1,"result":{}}""",
        """{"jsonrpc":"2.0","method":1}""",
        """{"jsonrpc":"2.0","method":"one","method":"two"}""",
        """{"jsonrpc":"2.0","method":"m","params":{"a":1},"params":{"a":2}}""",
        """{"jsonrpc":"2.0","id":1,"id":2,"result":{}}""",
        """{"jsonrpc":"2.0","id":1,"id":null,"method":"m"}""",
        """{"jsonrpc":"2.0","jsonrpc":"2.0","method":"m"}""",
        """{"jsonrpc":"2.0","jsonrpc":"1.0","method":"m"}""",
        """{"jsonrpc":"1.0","method":"m"}""",
        """{"jsonrpc":2.0,"method":"m"}""",
        """{"jsonrpc":null,"method":"m"}""",
        """{"method":"m"}""",
        """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"a"}],"_meta":{}}}""",
        """{"result":{},"id":"x","jsonrpc":"2.0"}""",
        """{"jsonrpc":"2.0","id":1,"result":null}""",
        """{"jsonrpc":"2.0","id":1,"result":5}""",
        """{"jsonrpc":"2.0","id":1,"result":[]}""",
        """{"jsonrpc":"2.0","id":1,"params":{}}""",
        """{"jsonrpc":"2.0","id":1,"params":{},"result":{"a":1}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"a":1},"params":{}}""",
        """{"jsonrpc":"2.0","id":1,"method":"m","result":{"a":1}}""",
        """{"jsonrpc":"2.0","id":1,"method":"m","params":{"b":1},"result":{"a":1}}""",
        """{"jsonrpc":"2.0","result":{}}""",
        """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no","data":{"a":[1]}}}""",
        """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}""",
        """{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}""",
        """{"jsonrpc":"2.0","id":1,"error":null,"result":{}}""",
        """{"jsonrpc":"2.0","id":1,"error":"no","result":{}}""",
        """{"jsonrpc":"2.0","id":1,"method":"m","error":{"code":1,"message":"no"}}""",
        """{"jsonrpc":"2.0","id":1,"error":{"code":"-1","message":"as text"}}""",
        """{"jsonrpc":"2.0","id":1,"error":{"message":"no code"}}""",
        """{"jsonrpc":"2.0","id":1}""",
        """{"jsonrpc":"2.0","extra":{"params":1},"id":1,"method":"m","params":{},"more":[[]]}""",
        """{"jsonrpc":"2.0","ID":1,"Method":"m","method":"n","Params":{}}""",
        """ { "jsonrpc" : "2.0" , "method" : "m" , "params" : { "a" : [ ] } } """,
        """{"jsonrpc":"2.0","method":"m"} {}""",
        """{"jsonrpc":"2.0","method":"m"},""",
        """{"jsonrpc":"2.0","method":"m",}""",
        """{"jsonrpc":"2.0","method":"m"/**/}""",
        """{"jsonrpc":"2.0","method":"m","params":{"a":01}}""",
        """{"jsonrpc":"2.0","method":"m","params":{""",
        """{"method":"tools/call","params":{"name":"a","arguments":{"x":[1,2.50,1e3,null,true,"ä\u00e4"]}},"id":1,"jsonrpc":"2.0"}""",
        """{"method":"tools/call","params":{"a":",\"id\":7"},"id":"1","jsonrpc":"2.0"}""",
        """{"method":"ping","id":"","jsonrpc":"2.0"}""",
        """{"method":"","params":{},"jsonrpc":"2.0"}""",
        """{"method":"m","jsonrpc":"2.0"}""",
        """{"method":"m" ,"jsonrpc":"2.0"}""",
        """{"method":"m","params": {"a":1} ,"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{"a":1},"id": 1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{"a":1},"id":1 ,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{"a":1,"A":2,"a":3},"id":-9223372036854775808,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":9223372036854775808,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":1.0,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":1e2,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":1-2,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":-,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":0,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":00,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":-0,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":-01,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":null,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":"a\"b","jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":"\u0061","jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":"ä","jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"id":1,"id":2,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"params":{"a":1},"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"extra":{},"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{},"error":{"code":1,"message":"no"},"jsonrpc":"2.0"}""",
        """{"method":"m","params":{}{},"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":{}/**/,"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":,"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":null,"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m","params":[{}],"jsonrpc":"2.0"}""",
        """{"method":"n\u006fte","params":{},"jsonrpc":"2.0"}""",
        """{"method":"nöte","params":{},"jsonrpc":"2.0"}""",
        """{"method":"a","method":"b","jsonrpc":"2.0"}""",
        """{"method":"m","result":{},"id":1,"jsonrpc":"2.0"}""",
        """{"method":"m,"jsonrpc":"2.0"}""",
        """{"method":","jsonrpc":"2.0"}""",
        """{"result":{"content":[{"type":"text","text":"a"}],"_meta":{}},"id":1,"jsonrpc":"2.0"}""",
        """{"result":{},"id":"x","jsonrpc":"2.0"}""",
        """{"result":{},"jsonrpc":"2.0"}""",
        """{"result":null,"id":1,"jsonrpc":"2.0"}""",
        """{"result":[],"id":1,"jsonrpc":"2.0"}""",
        """{"result":5,"id":1,"jsonrpc":"2.0"}""",
        """{"result":{},"method":"m","id":1,"jsonrpc":"2.0"}""",
        """{"result":{},"id":1,"jsonrpc":"2.0"} """,
        """{"result":{},"id":1,"jsonrpc":"2.0"}}""",
        """{"error":{"code":-32601,"message":"no","data":{"a":[1]}},"id":1,"jsonrpc":"2.0"}""",
        """[{"jsonrpc":"2.0","method":"m"}]""",
        "{}",
        "[]",
        "null",
        "1",
        "\"text\"",
        "no json",
        "",
        "\ufeff{\"jsonrpc\":\"2.0\",\"method\":\"m\"}",
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_Message_IsWhatTheSdkReads(string message) => AssertSame(Encoding.UTF8.GetBytes(message));

    [Theory]
    [InlineData(61)]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    public void Read_DeepMessage_IsReadAsDeepAsTheSdkReads(int depth)
    {
        var value = new string('[', depth) + new string(']', depth);
        AssertSame(Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","method":"m","params":{"a":{{{value}}}}}"""));
        AssertSame(Encoding.UTF8.GetBytes($$$"""{"method":"m","params":{"a":{{{value}}}},"jsonrpc":"2.0"}"""));
    }

    [Theory]
    [InlineData("method", "id")]
    [InlineData("id", "method")]
    public void Read_TextThatIsNoUtf8_IsRefusedAsTheSdkDoes(string broken, string sound) => AssertSame(
        [.. Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","{{sound}}":"a","{{broken}}":""" + "\""), 0xC3, (byte)'"', (byte)'}']);

    [Theory]
    [InlineData("""{"method":"?","params":{},"id":1,"jsonrpc":"2.0"}""")]
    [InlineData("""{"method":"m","params":{"a":"?"},"id":1,"jsonrpc":"2.0"}""")]
    [InlineData("""{"method":"m","params":{"?":1},"id":1,"jsonrpc":"2.0"}""")]
    [InlineData("""{"result":{},"id":"?","jsonrpc":"2.0"}""")]
    public void Read_TextThatIsNoUtf8InWhatTheSdkWrote_IsReadOrRefusedAsTheSdkDoes(string message)
    {
        byte[][] texts = [[0xC3], [0x80], [0x1F], [0x7F], [0xC2, 0x80], [0xED, 0xA0, 0x80]];
        foreach (var text in texts)
        {
            var at = message.IndexOf('?');
            AssertSame([.. Encoding.UTF8.GetBytes(message[..at]), .. text, .. Encoding.UTF8.GetBytes(message[(at + 1)..])]);
        }
    }

    [Fact]
    public void Read_TextThatIsNoUtf8InsideOfParams_IsReadAsTheSdkDoes() => AssertSame(
        [.. Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","method":"m","params":{"a":"""), (byte)'"', 0xC3, (byte)'"', (byte)'}', (byte)'}']);

    [Fact]
    public void Read_BytesThatBreakAtRandom_AreReadOrRefusedAsTheSdkDoes()
    {
        var random = new Random(20261125);
        var messages = Messages.Select(row => Encoding.UTF8.GetBytes(row.Data)).Where(bytes => bytes.Length > 0).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = messages[random.Next(messages.Length)].ToArray();
            for (var changes = random.Next(3); changes >= 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            AssertSame(bytes.AsSpan(0, random.Next(8) == 0 ? random.Next(bytes.Length) : bytes.Length).ToArray());
        }
    }

    [Fact]
    public void Read_Params_CanBeAskedAndChangedAsTheSdksCan()
    {
        var read = Assert.IsType<JsonRpcNotification>(StoredMessage.Read("""{"jsonrpc":"2.0","method":"m","params":{"a":{"b":1}}}"""u8));

        Assert.Equal(1, read.Params!["A"]!["B"]!.GetValue<int>());
        read.Params["a"] = 2;
        Assert.Equal("""{"a":2}""", read.Params.ToJsonString());
    }

    private static void AssertSame(byte[] bytes)
    {
        var (expected, refusal) = Try(() => JsonSerializer.Deserialize<JsonRpcMessage>(bytes, McpJsonUtilities.DefaultOptions));
        var (read, error) = Try(() => StoredMessage.Read(bytes));
        Assert.Equal(refusal, error);
        Assert.Equal(expected?.GetType(), read?.GetType());
        Assert.Equal(Text(expected), Text(read));
        Assert.Equal((expected as JsonRpcMessageWithId)?.Id, (read as JsonRpcMessageWithId)?.Id);
        Assert.Equal(Content(expected)?.GetType(), Content(read)?.GetType());
        Assert.Equal(Content(expected)?.Options, Content(read)?.Options);
    }

    private static (JsonRpcMessage? Message, string? Error) Try(Func<JsonRpcMessage?> read)
    {
        try
        {
            return (read(), null);
        }
        catch (Exception exception)
        {
            return (null, $"{exception.GetType()} {exception.Message}");
        }
    }

    /// <summary>The message as it goes out again, or why it cannot.</summary>
    private static string Text(JsonRpcMessage? message)
    {
        try
        {
            return JsonSerializer.Serialize(message, McpJsonUtilities.DefaultOptions);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return exception.GetType().Name;
        }
    }

    private static JsonNode? Content(JsonRpcMessage? message) => message switch
    {
        JsonRpcRequest request => request.Params,
        JsonRpcNotification notification => notification.Params,
        JsonRpcResponse response => response.Result,
        _ => null,
    };
}
