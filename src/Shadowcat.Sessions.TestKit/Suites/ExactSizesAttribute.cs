namespace Shadowcat.Sessions.TestKit;

/// <summary>Marks a test that counts on where exactly a bound of sizes lies: it is left out for a store that stores more than it was given.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExactSizesAttribute : Attribute;
