namespace Shadowcat.Sessions.Aot.Stores;

/// <summary>A decorator of somebody, which changes nothing.</summary>
internal sealed class PassingStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    /// <summary>What it lies around.</summary>
    public ISessionStore Inside => InnerStore;
}
