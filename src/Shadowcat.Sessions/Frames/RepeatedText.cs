using System.Text;

namespace Shadowcat.Sessions;

/// <summary>What a frame says in the same words as the one before it, made once for both. Of one reading, so of one thread at a time.</summary>
/// <remarks>The frames of a stream have its name and metadata in common; to make them anew for each would cost more than to read the rest of its header.</remarks>
internal sealed class RepeatedText
{
    private Text _metadataText;
    private Text _exchangeIdText;
    private FrameMetadata _metadata = FrameMetadata.None;
    private string? _exchangeId;

    /// <summary>The metadata that a map of text stands for; empty for none.</summary>
    public FrameMetadata Metadata(ReadOnlySpan<byte> stored)
    {
        if (!_metadataText.IsRepeatedBy(stored))
        {
            _metadata = FrameReader.ReadMetadata(stored);
        }

        return _metadata;
    }

    /// <summary>The exchange id that UTF-8 stands for; empty for none.</summary>
    public string? ExchangeId(ReadOnlySpan<byte> stored)
    {
        if (!_exchangeIdText.IsRepeatedBy(stored))
        {
            _exchangeId = stored.IsEmpty ? null : Encoding.UTF8.GetString(stored);
        }

        return _exchangeId;
    }

    /// <summary>The bytes that were read last, in memory that is used again.</summary>
    private struct Text
    {
        private byte[]? _bytes;
        private int _length;

        /// <summary>Tells whether the bytes are the last ones again; else they are the last from now on.</summary>
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
