using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Reads what peers said of themselves as version 1 of the format protected it: bound to this generation of the session, but not to its owner.</summary>
/// <remarks>It is stored as a peer without a name: a JSON object with one member, whose value is what was protected, in base64url.</remarks>
internal sealed class PeerProtection(IDataProtectionProvider provider)
{
    private const string Purpose = "Shadowcat.Sessions.Peer.v1";
    private static readonly ProtectedText Stored = new("shadowcat.protected");

    public static bool IsProtected(Peer? stored) => Stored.Is(stored);

    /// <summary>The session as it was given.</summary>
    /// <exception cref="CryptographicException">It was changed, or its key is not there.</exception>
    public Session Unprotect(Session stored) => stored with
    {
        ClientInfo = Unprotect(stored, stored.ClientInfo, "client"),
        ServerInfo = Unprotect(stored, stored.ServerInfo, "server"),
    };

    private Peer? Unprotect(Session stored, Peer? peer, string side) => IsProtected(peer)
        ? Peer.Parse(Encoding.UTF8.GetString(provider.CreateProtector(Purpose, side, stored.Id.Value, stored.Generation.ToString("N")).Unprotect(Stored.Read(peer!))))
        : peer;
}
