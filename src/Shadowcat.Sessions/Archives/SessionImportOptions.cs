namespace Shadowcat.Sessions;

/// <summary>What an archive may say of the sessions that are imported from it. Who writes an archive chooses it, so by default it gives nobody anything.</summary>
public sealed class SessionImportOptions
{
    /// <summary>Whether sessions belong to whom the archive says. False: to nobody.</summary>
    /// <value>False by default.</value>
    public bool KeepOwner { get; set; }

    /// <summary>Whether sessions keep what the transport called them, such as <c>Mcp-Session-Id</c>: with it they can go on where a client names it. False: they have none.</summary>
    /// <value>False by default.</value>
    public bool KeepTransportSessionId { get; set; }

    /// <summary>Whether sessions keep their <see cref="Session.Attributes"/>: an application may do what they say, such as to connect to an address. False: they have none.</summary>
    /// <value>False by default.</value>
    public bool KeepAttributes { get; set; }

    /// <summary>Whether sessions live as long as the archive says. False: as long as the store's options say.</summary>
    /// <value>False by default.</value>
    public bool KeepLifetimes { get; set; }

    /// <summary>The greatest payload that is read. A line that is longer than such a frame can make it is refused before it is read as a whole.</summary>
    /// <value>1 byte to 256 MiB; null, the default, for the store's <see cref="SessionStoreOptions.MaxFrameBytes"/>, and 4 MiB where a store does not say.</value>
    public int? MaxFrameBytes { get; set; }
}
