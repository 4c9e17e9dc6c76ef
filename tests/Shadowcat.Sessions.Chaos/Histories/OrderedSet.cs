namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Which operations are in an order, and the session that they made: what has been looked at once need not be again.</summary>
internal readonly struct OrderedSet(ulong[] bits, ModelState state) : IEquatable<OrderedSet>
{
    private readonly ulong[] _bits = [.. bits];
    private readonly ModelState _state = state;

    public bool Equals(OrderedSet other) => _bits.AsSpan().SequenceEqual(other._bits) && _state == other._state;

    public override bool Equals(object? obj) => obj is OrderedSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in _bits)
        {
            hash.Add(word);
        }

        hash.Add(_state);
        return hash.ToHashCode();
    }
}
