namespace Shadowcat.Sessions.Mcp;

/// <summary>A step of a JSON path; with neither a name nor an index it leads to every child.</summary>
/// <param name="Name">The name of the members it leads to.</param>
/// <param name="Index">The index of the elements it leads to.</param>
/// <param name="IsDeep">Whether it also leads to those of all descendants.</param>
internal sealed record JsonPathStep(string? Name, int? Index, bool IsDeep)
{
    /// <summary>Whether the step leads to a member.</summary>
    public bool Matches(string name) => Index is null && (Name is null || Name == name);

    /// <summary>Whether the step leads to an element.</summary>
    public bool Matches(int index) => Name is null && (Index is null || Index == index);
}
