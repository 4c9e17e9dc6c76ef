namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>Marks the class that holds one derivation of every suite for one store, or one stack of decorators around a store.</summary>
/// <param name="storeType">The outermost type.</param>
/// <param name="configuration">Its entry in <see cref="StoreStacks"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StoreUnderTestAttribute(Type storeType, string configuration) : Attribute
{
    public Type StoreType { get; } = storeType;

    public string Configuration { get; } = configuration;
}
