using System.Text;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Recorder.Replaying;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>Ids of clients as they wrote them.</summary>
public sealed class CallerIdsTests
{
    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("-0")]
    [InlineData("12345678901234567890123")]
    [InlineData("\"a\\u0062\"")]
    public void Write_AnswerToAnyId_HasItsLiteral(string literal)
    {
        var ids = new CallerIds();

        var request = (JsonRpcRequest)ids.Read($"\uFEFF{{\"jsonrpc\":\"2.0\",\"id\":{literal},\"method\":\"tools/call\",\"params\":{{}}}}")!;
        byte[] answer = ids.Write(new JsonRpcResponse { Id = request.Id, Result = new System.Text.Json.Nodes.JsonObject() });

        Assert.Equal($"{{\"id\":{literal},\"result\":{{}},\"jsonrpc\":\"2.0\"}}", Encoding.UTF8.GetString(answer));
    }
}
