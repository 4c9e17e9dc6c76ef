using System.Buffers;

namespace Shadowcat.Sessions;

/// <summary>What a registered store may be called.</summary>
internal static class StoreName
{
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>Checks a name. One that is refused is not repeated: it may be a connection string, with a password.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Check(string name, string parameter) => name is { Length: >= 1 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(Characters)
        ? name
        : throw new ArgumentException(
            $"The name of a store has 1 to {MaxLength} letters, digits, dots, dashes and underscores. (Where a server is says the call that chooses the store, such as UseRedis.)", parameter);
}
