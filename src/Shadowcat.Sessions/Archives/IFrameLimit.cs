namespace Shadowcat.Sessions;

/// <summary>A store that says how large a frame it takes.</summary>
internal interface IFrameLimit
{
    /// <summary>The greatest payload, in bytes.</summary>
    int MaxFrameBytes { get; }

    /// <summary>The greatest payload that a store takes, as far as it says.</summary>
    static int Of(ISessionStore store) => store.GetService<IFrameLimit>()?.MaxFrameBytes ?? new SessionStoreOptions().MaxFrameBytes;
}
