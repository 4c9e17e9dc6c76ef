using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Protects what the peers of a session say of themselves, what the transport calls it and its attributes, and ties it to owner and generation.</summary>
/// <remarks>
/// <para>Every session has it, also one of which nothing is said: so its owner cannot be changed, nor be put in the place of another one's, by who does not have the key. It is stored in the
/// place of the client: a byte that says what is there (1 the client, 2 the server, 4 the transport's id, 8 attributes), the length of the transport's id in 4 bytes, little-endian, and that id; where there are
/// attributes, their number in a byte, and key and value of each, written as the transport's id is; and the client's JSON: all texts in UTF-8. The server is stored in its own place in the same way, its JSON alone.</para>
/// <para>Id, generation and owner are part of the purpose.</para>
/// </remarks>
/// <seealso href="https://learn.microsoft.com/aspnet/core/security/data-protection/consumer-apis/purpose-strings"/>
internal sealed class SessionProtection(IDataProtectionProvider provider)
{
    private const string Purpose = "Shadowcat.Sessions.Session.v2";
    private const byte HasClient = 1;
    private const byte HasServer = 2;
    private const byte HasTransportId = 4;
    private const byte HasAttributes = 8;
    private static readonly ProtectedText Stored = new("shadowcat.protected.2");

    public static bool IsProtected(Peer? stored) => Stored.Is(stored);

    /// <summary>The session as it is stored.</summary>
    /// <exception cref="ArgumentException">A peer is too large to be stored once it is protected.</exception>
    /// <exception cref="CryptographicException">There is no key to protect with.</exception>
    public Session Protect(Session session) => session with
    {
        ClientInfo = Stored.Write(ProtectorOf(session, "client").Protect(Pack(session)), "client"),
        ServerInfo = session.ServerInfo is { } server ? Stored.Write(ProtectorOf(session, "server").Protect(Encoding.UTF8.GetBytes(server.Json)), "server") : null,
        TransportSessionId = null,
        Attributes = SessionAttributes.None,
    };

    /// <summary>The session as it was given.</summary>
    /// <exception cref="CryptographicException">Its owner or anything protected was changed, or its key is not there.</exception>
    public Session Unprotect(Session stored)
    {
        var packed = new PackedTexts(ProtectorOf(stored, "client").Unprotect(Stored.Read(stored.ClientInfo!)));
        var has = packed.ReadByte();
        var transportId = packed.ReadText();
        var attributes = SessionAttributes.None;
        for (var left = (has & HasAttributes) != 0 ? packed.ReadByte() : 0; left > 0; left--)
        {
            attributes = attributes.With(packed.ReadText(), packed.ReadText());
        }

        if ((has & HasServer) != 0 != IsProtected(stored.ServerInfo) || (stored.ServerInfo is not null && !IsProtected(stored.ServerInfo)))
        {
            throw new CryptographicException("What is said of the server is not what was protected.");
        }

        return stored with
        {
            ClientInfo = (has & HasClient) != 0 ? Peer.Parse(packed.ReadRest()) : null,
            ServerInfo = stored.ServerInfo is { } server ? Peer.Parse(Encoding.UTF8.GetString(ProtectorOf(stored, "server").Unprotect(Stored.Read(server)))) : null,
            TransportSessionId = (has & HasTransportId) != 0 ? transportId : null,
            Attributes = attributes,
        };
    }

    private static byte[] Pack(Session session)
    {
        var packed = new ArrayBufferWriter<byte>();
        packed.Write([(byte)((session.ClientInfo is null ? 0 : HasClient)
            | (session.ServerInfo is null ? 0 : HasServer)
            | (session.TransportSessionId is null ? 0 : HasTransportId)
            | (session.Attributes.Count == 0 ? 0 : HasAttributes))]);
        WriteText(packed, session.TransportSessionId ?? "");
        if (session.Attributes.Count > 0)
        {
            packed.Write([(byte)session.Attributes.Count]);
            foreach (var (key, value) in session.Attributes)
            {
                WriteText(packed, key);
                WriteText(packed, value);
            }
        }

        packed.Write(Encoding.UTF8.GetBytes(session.ClientInfo?.Json ?? ""));
        return packed.WrittenSpan.ToArray();
    }

    private static void WriteText(ArrayBufferWriter<byte> packed, string text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(packed.GetSpan(sizeof(int)), Encoding.UTF8.GetByteCount(text));
        packed.Advance(sizeof(int));
        Encoding.UTF8.GetBytes(text, packed);
    }

    private IDataProtector ProtectorOf(Session session, string side) => provider.CreateProtector(
    [
        Purpose,
        side,
        session.Id.Value,
        session.Generation.ToString("N"),
        .. session.Owner is { } owner ? new[] { owner.ClaimType, owner.Value, owner.Issuer } : [],
    ]);
}
