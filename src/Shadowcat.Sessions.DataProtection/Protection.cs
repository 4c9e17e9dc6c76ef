using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Protects sessions and frames and reads them again, with the errors of a store.</summary>
internal sealed class Protection(IDataProtectionProvider provider, ProtectedSessionStoreOptions options)
{
    private const string Unprotected = $"it was stored without protection, and {nameof(ProtectedSessionStoreOptions)}.{nameof(ProtectedSessionStoreOptions.ReadUnprotected)} is off";
    private const string OfVersion1 =
        $"an earlier version of the library protected it, which bound neither owner nor generation, and {nameof(ProtectedSessionStoreOptions)}.{nameof(ProtectedSessionStoreOptions.ReadVersion1)} is off";
    private const string Undecryptable = "its key is not in the key ring, or it is not what was protected for this session and its owner";

    private readonly SessionProtection _sessions = new(provider);
    private readonly PeerProtection _peers = new(provider);
    private readonly FrameProtection _frames = new(provider);
    private readonly bool _readsUnprotected = options.ReadUnprotected;
    private readonly bool _readsVersion1 = options.ReadVersion1;

    /// <exception cref="ArgumentException">A peer is too large once it is protected.</exception>
    /// <exception cref="SessionStoreException">There is no key.</exception>
    public Session Protect(string operation, Session session)
    {
        try
        {
            return session is null ? null! : _sessions.Protect(session);
        }
        catch (CryptographicException exception)
        {
            throw NotProtected(operation, session.Id, exception);
        }
    }

    /// <exception cref="SessionStoreException">There is no key.</exception>
    public MessageEnvelope Protect(string operation, MessageEnvelope frame, Guid generation)
    {
        try
        {
            return _frames.Protect(frame, generation);
        }
        catch (CryptographicException exception)
        {
            throw NotProtected(operation, frame.SessionId, exception);
        }
    }

    /// <exception cref="SessionSerializationException">It cannot be read.</exception>
    public Session Unprotect(string operation, Session stored)
    {
        var isProtected = SessionProtection.IsProtected(stored.ClientInfo);
        if (!isProtected && Refusal(stored) is { } refusal)
        {
            throw new SessionSerializationException(operation, stored.Id, refusal);
        }

        try
        {
            return isProtected ? _sessions.Unprotect(stored) : _peers.Unprotect(stored);
        }
        catch (CryptographicException exception)
        {
            throw new SessionSerializationException(operation, stored.Id, Undecryptable, formatVersion: isProtected ? 2 : 1, innerException: exception);
        }
    }

    /// <param name="operation">The operation, for errors.</param>
    /// <param name="stored">The frame as it is stored.</param>
    /// <param name="generation">The generation of the session it is read from.</param>
    /// <exception cref="SessionSerializationException">It cannot be read.</exception>
    public MessageEnvelope Unprotect(string operation, MessageEnvelope stored, Guid generation)
    {
        if (!FrameProtection.IsProtected(stored))
        {
            return _readsUnprotected ? stored : throw new SessionSerializationException(operation, stored.SessionId, Unprotected, sequence: stored.Sequence);
        }

        var isOfVersion1 = FrameProtection.IsOfVersion1(stored);
        if (isOfVersion1 && !_readsVersion1)
        {
            throw new SessionSerializationException(operation, stored.SessionId, OfVersion1, formatVersion: 1, stored.Sequence);
        }

        try
        {
            return _frames.Unprotect(stored, generation);
        }
        catch (CryptographicException exception)
        {
            throw new SessionSerializationException(operation, stored.SessionId, Undecryptable, formatVersion: isOfVersion1 ? 1 : 2, stored.Sequence, exception);
        }
    }

    private static SessionStoreException NotProtected(string operation, SessionId id, CryptographicException cause) =>
        new(operation, id, "there is no key to protect it with; nothing was written.", cause);

    /// <summary>Why a session is not read that is not bound to its owner; null where it is.</summary>
    /// <remarks>Where nothing was said of the peers, version 1 protected nothing.</remarks>
    private string? Refusal(Session stored)
    {
        var isOfVersion1 = PeerProtection.IsProtected(stored.ClientInfo) || PeerProtection.IsProtected(stored.ServerInfo);
        if (isOfVersion1 && !_readsVersion1)
        {
            return OfVersion1;
        }

        var isReadable = (stored.ClientInfo is not null && !PeerProtection.IsProtected(stored.ClientInfo)) || (stored.ServerInfo is not null && !PeerProtection.IsProtected(stored.ServerInfo));
        return _readsUnprotected || (_readsVersion1 && !isReadable) ? null : Unprotected;
    }
}
