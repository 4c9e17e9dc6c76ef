using Shadowcat.Sessions.Recorder.Proxying;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Tests.Recorder;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public void Add_AnyChunks_GivesTheSameLines(int chunk)
    {
        List<WireLine> lines = Split("one\r\n\ntwo\nthree"u8.ToArray(), chunk, maxLineBytes: 100);

        Assert.Equal(["one\r", "", "two", "three"], lines.Select(Text));
        Assert.Equal([true, true, true, false], lines.Select(line => line.IsTerminated));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Add_LineOverTheLimit_KeepsItsBeginningAndItsLength(int chunk)
    {
        List<WireLine> lines = Split("123456789\nnext\n"u8.ToArray(), chunk, maxLineBytes: 4);

        Assert.Equal(["1234", "next"], lines.Select(Text));
        Assert.Equal([9, 4], lines.Select(line => line.Length));
    }

    private static List<WireLine> Split(byte[] bytes, int chunk, int maxLineBytes)
    {
        List<WireLine> lines = [];
        var splitter = new LineSplitter(MessageDirection.ClientToServer, maxLineBytes, lines.Add);

        foreach (byte[] part in bytes.Chunk(chunk))
        {
            splitter.Add(part, isUndelivered: false);
        }

        splitter.Complete(isUndelivered: false);
        return lines;
    }

    private static string Text(WireLine line) => System.Text.Encoding.UTF8.GetString(line.Bytes.Span);
}
