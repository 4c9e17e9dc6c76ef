namespace Shadowcat.Sessions.Mcp;

/// <summary>How far along paths the place of a value is.</summary>
internal sealed class JsonPathPositions
{
    /// <summary>On no path.</summary>
    public static readonly JsonPathPositions None = new([]);

    private readonly List<(JsonPath Path, int Index)> _positions;

    private JsonPathPositions(List<(JsonPath Path, int Index)> positions) => _positions = positions;

    /// <summary>Whether no path leads through here.</summary>
    public bool IsEmpty => _positions.Count == 0;

    /// <summary>Whether a path ends here.</summary>
    public bool IsEnd => _positions.Exists(static position => position.Index == position.Path.Steps.Count);

    /// <summary>At the root.</summary>
    public static JsonPathPositions At(JsonPath[] paths) => paths.Length == 0 ? None : new([.. paths.Select(path => (path, 0))]);

    /// <summary>At a member.</summary>
    public JsonPathPositions At(string name) => Next(step => step.Matches(name));

    /// <summary>At an element.</summary>
    public JsonPathPositions At(int index) => Next(step => step.Matches(index));

    private JsonPathPositions Next(Func<JsonPathStep, bool> matches)
    {
        List<(JsonPath Path, int Index)> next = [];
        foreach (var position in _positions)
        {
            if (position.Index == position.Path.Steps.Count)
            {
                continue;
            }

            // Several ways may lead to the same place; without this their number would double with every level.
            var (step, further) = (position.Path.Steps[position.Index], position with { Index = position.Index + 1 });
            if (matches(step) && !next.Contains(further))
            {
                next.Add(further);
            }

            if (step.IsDeep && !next.Contains(position))
            {
                next.Add(position);
            }
        }

        return next.Count == 0 ? None : new(next);
    }
}
