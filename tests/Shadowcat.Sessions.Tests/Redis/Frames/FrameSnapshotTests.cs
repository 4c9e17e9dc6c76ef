using System.Globalization;
using System.Text;
using System.Text.Json;
using MessagePack;
using Shadowcat.Sessions.Tests.Snapshots;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Every frame ever written stays readable, and is written today as it was then.</summary>
public sealed class FrameSnapshotTests
{
    public static TheoryData<string> Names { get; } = new(SnapshotFrames.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_OfFormat1_IsReadAsItWasWritten(string name)
    {
        Assert.Equal(SnapshotFrames.All[name] with { Sequence = 7 }, FrameFormat.Decode(SnapshotFrames.Id, 7, Stored(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_OfFormat1_IsWrittenByteForByteAsItWas(string name)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        FrameFormat.Write(buffer, SnapshotFrames.All[name], SnapshotFrames.Stamp);

        Assert.Equal(Stored(name), FrameFormat.Encode(SnapshotFrames.All[name], SnapshotFrames.Stamp));
        Assert.Equal(Stored(name), buffer.WrittenSpan.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_OfFormat1_IsReadableByAnyMessagePackReader(string name)
    {
        using var json = JsonDocument.Parse(MessagePackSerializer.ConvertToJson(Stored(name), cancellationToken: TestContext.Current.CancellationToken));
        var frame = SnapshotFrames.All[name];
        var elements = json.RootElement;

        Assert.Equal(13, elements.GetArrayLength());
        Assert.Equal(1, elements[0].GetInt32());
        Assert.Equal((int)frame.Direction, elements[1].GetInt32());
        Assert.Equal(frame.Timestamp, DateTimeOffset.Parse(elements[2].GetString()!, CultureInfo.InvariantCulture));
        Assert.Equal((int)frame.TransportType, elements[3].GetInt32());
        Assert.Equal((int)frame.Kind, elements[4].GetInt32());
        Assert.Equal((int)frame.Flags, elements[5].GetInt32());
        Assert.Equal(frame.Method, elements[6].GetString());
        Assert.Equal(frame.ExchangeId, elements[8].GetString());
        Assert.Equal(frame.ProtocolVersion, elements[9].GetString());
        Assert.Equal(frame.Metadata.Count, elements[10].ValueKind == JsonValueKind.Null ? 0 : elements[10].EnumerateObject().Count());
        Assert.Equal(frame.Payload.ToArray(), Convert.FromBase64String(elements[11].GetString()!));
        Assert.Equal(SnapshotFrames.Stamp, elements[12].GetUInt64());
    }

    [Fact]
    public void Snapshots_OnDisk_AreAllTested()
    {
        Assert.Equal(
            SnapshotFrames.All.Keys.Select(name => $"frame-1-{name}.hex").Order(StringComparer.Ordinal), SnapshotFiles.Names("frame-*").Order(StringComparer.Ordinal));
    }

    private static byte[] Stored(string name) => Convert.FromHexString(
        Encoding.ASCII.GetString(SnapshotFiles.Read($"frame-1-{name}.hex", () => Encoding.ASCII.GetBytes(Convert.ToHexString(FrameFormat.Encode(SnapshotFrames.All[name], SnapshotFrames.Stamp)) + "\n"))).Trim());
}
