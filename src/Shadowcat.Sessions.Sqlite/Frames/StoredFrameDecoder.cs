using System.Text;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Makes texts of what a row has. Metadata in the same words as those before them are made once for both.</summary>
internal sealed class StoredFrameDecoder : FrameDecoder
{
    private byte[] _metadataBytes = [];
    private FrameMetadata _metadata = FrameMetadata.None;

    public override string Method(ReadOnlySpan<byte> encoded) => Shared(encoded);

    public override RequestId RequestId(ReadOnlySpan<byte> encoded) =>
        Sessions.RequestId.TryParseNumber(encoded, out var number) ? number : StoredJson.ReadRequestId(encoded);

    public override string ExchangeId(ReadOnlySpan<byte> encoded) => Encoding.UTF8.GetString(encoded);

    public override string ProtocolVersion(ReadOnlySpan<byte> encoded) => Shared(encoded);

    public override FrameMetadata Metadata(ReadOnlySpan<byte> encoded)
    {
        if (!encoded.SequenceEqual(_metadataBytes))
        {
            _metadata = StoredJson.ReadMetadata(encoded);
            _metadataBytes = encoded.ToArray();
        }

        return _metadata;
    }
}
