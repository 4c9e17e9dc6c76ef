namespace Shadowcat.Sessions;

/// <summary>Where a decorator lies around the registered store, from the inside out, in whatever order the decorators are registered. Of several in one layer, the one added last is outside.</summary>
public enum StoreLayer
{
    /// <summary>Next to the store: encryption, and whatever changes what is stored.</summary>
    Encryption = 0,

    /// <summary>The buffer, which takes in what is readable.</summary>
    Buffering = 1,

    /// <summary>The cache, which keeps readable sessions.</summary>
    Caching = 2,

    /// <summary>Around all others: what an application adds itself.</summary>
    Outermost = 3,
}
