namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>A store whose backend keeps entries of sessions.</summary>
internal interface ILeavesEntries
{
    IEnumerable<string> Entries { get; }
}
