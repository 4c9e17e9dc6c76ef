using System.Text;
using Shadowcat.Sessions.Recorder.Proxying.Http;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Tests.Recorder;

public sealed class SseSplitterTests
{
    private const string Stream =
        "\uFEFFid: 0\nretry: 5\ndata:\n\n: a comment\r\nevent: message\r\nid: 1\r\ndata: {\"a\":1}\r\n\r\ndata:two\ndata: \ndata: lines\n\nid:x\rdata:  größe\r\rdata\n\nevent: end\ndata: last\n\ndata: not ended\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Add_AnyChunks_GivesTheSameEvents(int chunk)
    {
        List<SseMessage> events = Split(Stream, chunk, maxEventBytes: 100);

        Assert.Equal(["{\"a\":1}", "two\n\nlines", " größe", "last"], events.Select(Text));
        Assert.Equal(["1", null, "x", null], events.Select(message => message.Id));
        Assert.Equal(["message", null, null, "end"], events.Select(message => message.Type));
        Assert.All(events, message => Assert.Equal(message.Data.Length, message.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Add_EventOverTheLimit_KeepsItsBeginningAndItsLength(int chunk)
    {
        List<SseMessage> events = Split("data: 123456789\ndata: 12\n\ndata: next\n\n", chunk, maxEventBytes: 4);

        Assert.Equal(["1234", "next"], events.Select(Text));
        Assert.Equal([12, 4], events.Select(message => message.Length));
    }

    private static List<SseMessage> Split(string stream, int chunk, int maxEventBytes)
    {
        List<SseMessage> events = [];
        var splitter = new SseSplitter(maxEventBytes, events.Add);

        foreach (byte[] part in Encoding.UTF8.GetBytes(stream).Chunk(chunk))
        {
            splitter.Add(part);
        }

        return events;
    }

    private static string Text(SseMessage message) => Encoding.UTF8.GetString(message.Data.Span);
}
