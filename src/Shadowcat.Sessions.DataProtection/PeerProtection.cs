using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Shadowcat.Sessions;

/// <summary>Protects what the peers of a session say of themselves, and ties it to this life of the session.</summary>
/// <remarks>It is stored as a peer without a name: a JSON object with one member, whose value is what was protected, in base64url.</remarks>
internal sealed class PeerProtection(IDataProtectionProvider provider)
{
    private const string Purpose = "Shadowcat.Sessions.Peer.v1";
    private const string Before = "{\"shadowcat.protected\":\"";
    private const string Behind = "\"}";

    public static bool IsProtected(Peer stored) =>
        stored.Json.Length >= Before.Length + Behind.Length && stored.Json.StartsWith(Before, StringComparison.Ordinal) && stored.Json.EndsWith(Behind, StringComparison.Ordinal);

    /// <summary>The session as it is stored.</summary>
    /// <exception cref="ArgumentException">A peer is too large to be stored once it is protected.</exception>
    /// <exception cref="CryptographicException">There is no key to protect with.</exception>
    public Session Protect(Session session) => session with
    {
        ClientInfo = Protect(session, session.ClientInfo, "client"),
        ServerInfo = Protect(session, session.ServerInfo, "server"),
    };

    /// <summary>The session as it was given.</summary>
    /// <exception cref="CryptographicException">It was changed, or its key is not there.</exception>
    public Session Unprotect(Session stored) => stored with
    {
        ClientInfo = Unprotect(stored, stored.ClientInfo, "client"),
        ServerInfo = Unprotect(stored, stored.ServerInfo, "server"),
    };

    private IDataProtector ProtectorOf(Session session, string side) =>
        provider.CreateProtector(Purpose, side, session.Id.Value, session.Generation.ToString("N"));

    private Peer? Protect(Session session, Peer? peer, string side)
    {
        if (peer is null)
        {
            return null;
        }

        var json = Before + Base64Url.EncodeToString(ProtectorOf(session, side).Protect(Encoding.UTF8.GetBytes(peer.Json))) + Behind;
        return json.Length <= Peer.MaxJsonBytes
            ? Peer.Parse(json)
            : throw new ArgumentException(
                $"A peer's JSON has at most {Peer.MaxJsonBytes} bytes once it is protected; that of the {side} has {json.Length}.", nameof(session));
    }

    private Peer? Unprotect(Session stored, Peer? peer, string side)
    {
        if (peer is null || !IsProtected(peer))
        {
            return peer;
        }

        var text = peer.Json.AsSpan(Before.Length, peer.Json.Length - Before.Length - Behind.Length);
        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromChars(text);
        }
        catch (FormatException exception)
        {
            throw new CryptographicException("What is stored is not what was protected.", exception);
        }

        return Peer.Parse(Encoding.UTF8.GetString(ProtectorOf(stored, side).Unprotect(bytes)));
    }
}
