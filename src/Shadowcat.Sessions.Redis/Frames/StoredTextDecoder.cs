using System.Text;

namespace Shadowcat.Sessions.Redis;

/// <summary>Decodes texts that <see cref="FrameReader"/> has checked. What a frame says in the same words as the one before it is made once for both.</summary>
/// <remarks>The frames of a stream have its name and metadata in common; to make them anew for each would cost more than to read the rest of its header.</remarks>
internal sealed class StoredTextDecoder : FrameDecoder
{
    private Text _metadataText;
    private Text _exchangeIdText;
    private FrameMetadata _metadata = FrameMetadata.None;
    private string _exchangeId = "";

    public override string Method(ReadOnlySpan<byte> encoded) => Shared(encoded);

    public override string ProtocolVersion(ReadOnlySpan<byte> encoded) => Shared(encoded);

    public override RequestId RequestId(ReadOnlySpan<byte> encoded)
    {
        var bytes = new MessagePackBytes(encoded);
        if (bytes.IsInteger)
        {
            return Sessions.RequestId.FromNumber(bytes.ReadInt64());
        }

        return bytes.IsBinary && Sessions.RequestId.TryParseNumber(bytes.ReadBinary(), out var number) ? number : Sessions.RequestId.FromString(Encoding.UTF8.GetString(bytes.ReadText()));
    }

    public override FrameMetadata Metadata(ReadOnlySpan<byte> encoded)
    {
        if (!_metadataText.IsRepeatedBy(encoded))
        {
            _metadata = ReadMetadata(encoded);
        }

        return _metadata;
    }

    public override string ExchangeId(ReadOnlySpan<byte> encoded)
    {
        if (!_exchangeIdText.IsRepeatedBy(encoded))
        {
            _exchangeId = Encoding.UTF8.GetString(encoded);
        }

        return _exchangeId;
    }

    private static FrameMetadata ReadMetadata(ReadOnlySpan<byte> encoded)
    {
        var bytes = new MessagePackBytes(encoded);
        var count = (int)bytes.ReadMapHeader();
        var entries = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = Encoding.UTF8.GetString(bytes.ReadText());
            entries[key] = Encoding.UTF8.GetString(bytes.ReadText());
        }

        return FrameMetadata.Create(entries);
    }

    /// <summary>The bytes that were read last, in memory that is used again.</summary>
    private struct Text
    {
        private byte[]? _bytes;
        private int _length;

        /// <summary>Whether the bytes are the last ones again; else they are the last from now on.</summary>
        public bool IsRepeatedBy(ReadOnlySpan<byte> stored)
        {
            if (stored.SequenceEqual(_bytes.AsSpan(0, _length)))
            {
                return true;
            }

            if (_bytes is null || _bytes.Length < stored.Length)
            {
                _bytes = new byte[Math.Max(stored.Length, 2 * _length)];
            }

            stored.CopyTo(_bytes);
            _length = stored.Length;
            return false;
        }
    }
}
