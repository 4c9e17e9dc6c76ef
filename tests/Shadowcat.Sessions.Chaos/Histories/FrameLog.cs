namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>The frames of a life in order. Immutable, and compared by what it holds.</summary>
internal sealed class FrameLog : IEquatable<FrameLog>
{
    private readonly int[] _frames;
    private readonly int _hash;

    private FrameLog(int[] frames)
    {
        _frames = frames;
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(frames.AsSpan()));
        _hash = hash.ToHashCode();
    }

    public static FrameLog Empty { get; } = new([]);

    public int Count => _frames.Length;

    public int this[int place] => _frames[place];

    public FrameLog Append(int[] frames) => new([.. _frames, .. frames]);

    /// <summary>Whether frames stand at a place.</summary>
    public bool HasAt(long place, int[] frames) =>
        place >= 0 && place + frames.Length <= _frames.Length && _frames.AsSpan((int)place, frames.Length).SequenceEqual(frames);

    /// <summary>Whether any of these frames is there.</summary>
    public bool HasAny(int[] frames) => frames.Any(frame => _frames.AsSpan().Contains(frame));

    public bool Equals(FrameLog? other) => other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _frames.AsSpan().SequenceEqual(other._frames)));

    public override bool Equals(object? obj) => Equals(obj as FrameLog);

    public override int GetHashCode() => _hash;
}
