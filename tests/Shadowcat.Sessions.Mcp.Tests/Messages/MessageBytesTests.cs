using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp.Tests.Recording;

/// <summary>A message that is recorded has the bytes that the SDK's transports send.</summary>
public sealed class MessageBytesTests
{
    public static TheoryData<string> Messages =>
    [
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":[1,2.50,1e3,-0,null,true,"ä\u00e4<\ud83d\ude00\""],"":{}}}}""",
        """{"jsonrpc":"2.0","id":"ä<1>","method":"m\u006fre/ä<\n"}""",
        """{"jsonrpc":"2.0","id":"","method":""}""",
        """{"jsonrpc":"2.0","id":-9223372036854775808,"method":"m","params":{}}""",
        """{"jsonrpc":"2.0","id":9223372036854775807,"result":{}}""",
        """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
        """{"jsonrpc":"2.0","method":"note","params":{"a":1,"A":2,"a":3}}""",
        """{"jsonrpc":"2.0","method":"note","params":null}""",
        """{"jsonrpc":"2.0","method":"note","params":[1,{"a":2}]}""",
        """{"jsonrpc":"2.0","method":"note","params":"text"}""",
        """{"jsonrpc":"2.0","method":"note","params":{"\u0061":"\ud83d\ude00"},"extra":1}""",
        """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"a"}],"_meta":{}}}""",
        """{"jsonrpc":"2.0","id":"x","result":5}""",
        """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no","data":{"a":[1]}}}""",
        """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}""",
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Of_WhatCame_IsAsTheSdkWritesIt(string json) => AssertSame(JsonSerializer.Deserialize<JsonRpcMessage>(json, McpJsonUtilities.DefaultOptions)!);

    [Fact]
    public void Of_WhatWasMade_IsAsTheSdkWritesIt()
    {
        var made = new JsonObject
        {
            ["number"] = 1.5m,
            ["time"] = JsonValue.Create(DateTimeOffset.UnixEpoch),
            ["object"] = JsonValue.Create(new Dictionary<string, int?> { ["ä"] = 1, ["none"] = null }),
            ["nothing"] = null,
            ["half"] = "\ud83d",
        };
        JsonRpcMessage[] messages =
        [
            new JsonRpcRequest { Id = new SdkRequestId(7), Method = "m", Params = made },
            new JsonRpcRequest { Id = default, Method = "m" },
            new JsonRpcRequest { Id = new SdkRequestId("7"), Method = "\ud83d" },
            new JsonRpcNotification { Method = "m", Params = made.DeepClone() },
            new JsonRpcNotification { Method = "m", JsonRpc = "1.0" },
            new JsonRpcResponse { Id = new SdkRequestId(7), Result = made.DeepClone() },
            new JsonRpcResponse { Id = new SdkRequestId(7), Result = null },
            new JsonRpcResponse { Id = default, Result = JsonSerializer.SerializeToNode(new CallToolResult { Content = [new TextContentBlock { Text = "ä" }] }, McpJsonUtilities.DefaultOptions) },
            new JsonRpcError { Id = new SdkRequestId(7), Error = new JsonRpcErrorDetail { Code = 1, Message = "ä" } },
        ];

        Assert.All(messages, AssertSame);
    }

    [Fact]
    public void Of_LargeMessages_IsAsTheSdkWritesThem()
    {
        foreach (var length in new[] { 1, 4000, 5000, 100_000, 1_000_000, 10 })
        {
            AssertSame(new JsonRpcNotification { Method = "m", Params = new JsonObject { ["text"] = new string('ä', length) } });
        }
    }

    [Fact]
    public void Of_WhatTheSdkCannotWrite_ThrowsAndHarmsNoOther()
    {
        JsonNode deep = new JsonArray();
        for (var i = 0; i < 70; i++)
        {
            deep = new JsonArray(deep);
        }

        var message = new JsonRpcNotification { Method = "m", Params = deep };
        Assert.ThrowsAny<Exception>(() => Written(message));

        Assert.ThrowsAny<Exception>(() => MessageBytes.Of(message));
        AssertSame(new JsonRpcNotification { Method = "m" });
    }

    private static void AssertSame(JsonRpcMessage message) => Assert.Equal(Encoding.UTF8.GetString(Written(message)), Encoding.UTF8.GetString(MessageBytes.Of(message)));

    private static byte[] Written(JsonRpcMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions);
}
