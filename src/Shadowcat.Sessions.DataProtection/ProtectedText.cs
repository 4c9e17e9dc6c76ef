using System.Buffers.Text;
using System.Security.Cryptography;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Protected bytes in the place of a peer: a JSON object with one member, whose value are these bytes in base64url.</summary>
/// <param name="member">The name of the member, which says how they are protected.</param>
internal sealed class ProtectedText(string member)
{
    private const string Behind = "\"}";

    private readonly string _before = $"{{\"{member}\":\"";

    public bool Is(Peer? stored) => stored is not null
        && stored.Json.Length >= _before.Length + Behind.Length
        && stored.Json.StartsWith(_before, StringComparison.Ordinal)
        && stored.Json.EndsWith(Behind, StringComparison.Ordinal);

    /// <exception cref="ArgumentException">It is too large to be stored.</exception>
    public Peer Write(ReadOnlySpan<byte> bytes, string what)
    {
        var json = _before + Base64Url.EncodeToString(bytes) + Behind;
        return json.Length <= Peer.MaxJsonBytes
            ? Peer.Parse(json)
            : throw new ArgumentException($"What stands in the place of the {what} has at most {Peer.MaxJsonBytes} bytes once it is protected; this has {json.Length}.", nameof(bytes));
    }

    /// <exception cref="CryptographicException">It is not what <see cref="Write"/> wrote.</exception>
    public byte[] Read(Peer stored)
    {
        try
        {
            return Base64Url.DecodeFromChars(stored.Json.AsSpan(_before.Length, stored.Json.Length - _before.Length - Behind.Length));
        }
        catch (FormatException exception)
        {
            throw new CryptographicException("What is stored is not what was protected.", exception);
        }
    }
}
