using System.Text;

namespace Shadowcat.Sessions.AspNetCore.Tests.Guarding;

/// <summary>A refusal names the request that it refuses.</summary>
public sealed class MessageScanTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"x"}""", "7")]
    [InlineData("""{"method":"x","params":{"id":1,"a":[{"id":2}]},"jsonrpc":"2.0","id":"a\"b"}""", "\"a\\\"b\"")]
    [InlineData("""{ "id" : -1.5e3 , "params" : {"text":"\"},{\"id\":9"} }""", "-1.5e3")]
    [InlineData("""{"id":1,"id":2}""", "2")]
    [InlineData("""{"method":"id","params":{"id":1}}""", null)]
    [InlineData("""[{"id":1}]""", null)]
    [InlineData("""{"id":{"a":1}}""", null)]
    [InlineData("""{"id":null}""", null)]
    [InlineData("""{"id":tru""", null)]
    [InlineData("""{"id":nonsense}""", null)]
    [InlineData("", null)]
    public void Add_MessageInAnyPieces_FindsItsId(string message, string? id)
    {
        foreach (var piece in new[] { 1, 3, 1000 })
        {
            var scan = new MessageScan();
            foreach (var part in Encoding.UTF8.GetBytes(message).Chunk(piece))
            {
                scan.Add(part);
            }

            Assert.Equal(id, scan.Id is { } found ? Encoding.UTF8.GetString(found) : null);
        }
    }

    [Fact]
    public void Add_IdOfAnyLength_KeepsNoMoreThanAnIdHas()
    {
        var scan = new MessageScan();

        scan.Add(Encoding.UTF8.GetBytes($$"""{"id":"{{new string('x', 100_000)}}"}"""));

        Assert.Null(scan.Id);
    }
}
