namespace Shadowcat.Sessions;

/// <summary>What may lie around the registered store, from the inside out, in whatever order it was registered.</summary>
internal enum StoreLayer
{
    /// <summary>Encryption: whatever reaches the store went through it.</summary>
    Encryption,

    /// <summary>The buffer, which takes in what is readable.</summary>
    Buffering,

    /// <summary>The cache, which has readable sessions.</summary>
    Caching,

    /// <summary>Decorators of the application's own, in the order in which they were added.</summary>
    Own,
}
