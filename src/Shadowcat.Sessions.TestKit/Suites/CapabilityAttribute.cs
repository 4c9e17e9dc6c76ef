namespace Shadowcat.Sessions.TestKit;

/// <summary>Marks a suite of what not every store can do: it runs for each whose outermost type has the capability, and for no other.</summary>
/// <param name="type">The interface that says so.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CapabilityAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
