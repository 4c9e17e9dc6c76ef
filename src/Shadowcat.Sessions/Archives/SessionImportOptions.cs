namespace Shadowcat.Sessions;

/// <summary>What an archive may set of the sessions that are imported from it. Whoever writes an archive can write anything into it, so by default it sets nothing that grants access.</summary>
public sealed class SessionImportOptions
{
    /// <summary>Whether sessions keep the owner that the archive names. Otherwise they have none.</summary>
    /// <value>False by default.</value>
    public bool KeepOwner { get; set; }

    /// <summary>Whether sessions keep their <see cref="Session.TransportSessionId"/>: a client that names it can continue the session. Otherwise they have none.</summary>
    /// <value>False by default.</value>
    public bool KeepTransportSessionId { get; set; }

    /// <summary>Whether sessions keep their <see cref="Session.Attributes"/>: an application may act on them, such as connect to an address. Otherwise they have none.</summary>
    /// <value>False by default.</value>
    public bool KeepAttributes { get; set; }

    /// <summary>Whether sessions keep the lifetimes that the archive names. Otherwise they have those of the store's options.</summary>
    /// <value>False by default.</value>
    public bool KeepLifetimes { get; set; }

    /// <summary>The greatest payload that is read. A line that is longer than such a frame can make it is refused before it is read as a whole.</summary>
    /// <value>1 byte to 256 MiB; null, the default, for the store's <see cref="SessionStoreOptions.MaxFrameBytes"/>, and 4 MiB where a store does not say.</value>
    public int? MaxFrameBytes { get; set; }
}
