using System.Buffers;
using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>The check at the end of each line, over the line and all lines before it.</summary>
internal sealed class ArchiveCheck : IDisposable
{
    /// <summary>The length of <c>,"check":"0123456789abcdef"}</c>.</summary>
    public const int MemberLength = 28;

    private const int Digits = 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _before = new byte[Digits];
    private bool _hasBefore;

    private static ReadOnlySpan<byte> Opening => ",\"check\":\""u8;

    private static ReadOnlySpan<byte> Closing => "\"}"u8;

    /// <summary>Goes on behind the line that another one wrote or verified last.</summary>
    public void ContinueFrom(ArchiveCheck other)
    {
        other._before.CopyTo(_before, 0);
        _hasBefore = other._hasBefore;
    }

    /// <summary>Writes the member that ends a line.</summary>
    /// <param name="line">The line up to there.</param>
    /// <param name="isFirst">Whether nothing stands before the line that belongs to it.</param>
    /// <param name="member">Takes <see cref="MemberLength"/> bytes.</param>
    public void Write(ReadOnlyMemory<byte> line, bool isFirst, Span<byte> member)
    {
        Add(new ReadOnlySequence<byte>(line), isFirst);
        Opening.CopyTo(member);
        _before.CopyTo(member[Opening.Length..]);
        Closing.CopyTo(member[(Opening.Length + Digits)..]);
    }

    /// <summary>Whether a line ends with the check that belongs to it.</summary>
    public bool Verify(ReadOnlySequence<byte> line, bool isFirst)
    {
        if (line.Length <= MemberLength)
        {
            return false;
        }

        Add(line.Slice(0, line.Length - MemberLength), isFirst);
        Span<byte> member = stackalloc byte[MemberLength];
        line.Slice(line.Length - MemberLength).CopyTo(member);
        return ((ReadOnlySpan<byte>)member).StartsWith(Opening) && member[Opening.Length..].StartsWith(_before) && member.EndsWith(Closing);
    }

    public void Dispose() => _hash.Dispose();

    private void Add(ReadOnlySequence<byte> line, bool isFirst)
    {
        if (_hasBefore && !isFirst)
        {
            _hash.AppendData(_before);
        }

        foreach (var part in line)
        {
            _hash.AppendData(part.Span);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        Convert.TryToHexStringLower(hash[..(Digits / 2)], _before, out _);
        _hasBefore = true;
    }
}
