namespace Shadowcat.Sessions.Redis;

/// <summary>What cancels an enumeration: the token its maker gave, and the one that whoever enumerates gave, as the compiler links them for an iterator.</summary>
internal readonly struct EnumerationToken : IDisposable
{
    private readonly CancellationTokenSource? _linked;

    private EnumerationToken(CancellationTokenSource? linked, CancellationToken token)
    {
        Token = token;
        _linked = linked;
    }

    public CancellationToken Token { get; }

    public static EnumerationToken Link(CancellationToken first, CancellationToken second)
    {
        if (!first.CanBeCanceled || first == second)
        {
            return new EnumerationToken(null, second);
        }

        if (!second.CanBeCanceled)
        {
            return new EnumerationToken(null, first);
        }

        var linked = CancellationTokenSource.CreateLinkedTokenSource(first, second);
        return new EnumerationToken(linked, linked.Token);
    }

    public void Dispose() => _linked?.Dispose();
}
