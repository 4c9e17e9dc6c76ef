namespace Shadowcat.Sessions.TestKit;

/// <summary>Says which store a <see cref="SessionStoreConformance"/> tests. What the type implements is what the store claims: a suite of something that it does not claim is left out.</summary>
/// <param name="storeType">The type that the harness makes; of a stack of decorators, the outermost.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StoreUnderTestAttribute(Type storeType) : Attribute
{
    /// <summary>The type that the harness makes.</summary>
    public Type StoreType { get; } = storeType;

    /// <summary>Whether what is stored has the size of what was given.</summary>
    /// <value>True, the default; false for a store that makes it larger, as encryption does: no test then counts on where exactly a bound of sizes lies.</value>
    public bool KeepsSizes { get; init; } = true;
}
