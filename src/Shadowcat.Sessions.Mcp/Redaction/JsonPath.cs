using System.Globalization;

namespace Shadowcat.Sessions.Mcp;

/// <summary>A path to values in JSON: names, indexes, <c>*</c> and <c>..</c> of RFC 9535.</summary>
internal sealed class JsonPath
{
    private JsonPath(IReadOnlyList<JsonPathStep> steps) => Steps = steps;

    /// <summary>What leads from the root to the values; at least one.</summary>
    public IReadOnlyList<JsonPathStep> Steps { get; }

    /// <summary>Reads a path.</summary>
    /// <exception cref="ArgumentException">It is null or none.</exception>
    public static JsonPath Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith('$') || path.Length == 1)
        {
            throw Fault(path, "it begins with '$' and leads somewhere");
        }

        List<JsonPathStep> steps = [];
        for (var rest = path.AsSpan(1); !rest.IsEmpty;)
        {
            var isDeep = rest.StartsWith("..");
            var isBracket = rest[0] == '[' || (isDeep && rest.Length > 2 && rest[2] == '[');
            if (rest[0] is not ('.' or '['))
            {
                throw Fault(path, "a name follows a '.'");
            }

            rest = rest[(isDeep ? 2 : isBracket ? 0 : 1)..];
            steps.Add(isBracket ? Bracket(path, ref rest, isDeep) : Name(path, ref rest, isDeep));
        }

        return new JsonPath(steps);
    }

    private static JsonPathStep Name(string path, ref ReadOnlySpan<char> rest, bool isDeep)
    {
        var end = rest.IndexOfAny('.', '[');
        var name = end < 0 ? rest : rest[..end];
        if (name.IsEmpty)
        {
            throw Fault(path, "a name is not empty");
        }

        rest = rest[name.Length..];
        return name is "*" ? new JsonPathStep(null, null, isDeep) : new JsonPathStep(name.ToString(), null, isDeep);
    }

    private static JsonPathStep Bracket(string path, ref ReadOnlySpan<char> rest, bool isDeep)
    {
        var quote = rest.Length > 1 && rest[1] is ('\'' or '"') ? $"{rest[1]}" : "";
        rest = rest[(1 + quote.Length)..];
        var end = rest.IndexOf($"{quote}]");
        if (end < 0)
        {
            throw Fault(path, "a bracket is closed");
        }

        var inside = rest[..end];
        rest = rest[(end + quote.Length + 1)..];
        if (quote.Length > 0)
        {
            return new JsonPathStep(inside.ToString(), null, isDeep);
        }

        if (inside is "*")
        {
            return new JsonPathStep(null, null, isDeep);
        }

        return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new JsonPathStep(null, index, isDeep)
            : throw Fault(path, "a bracket holds an index, '*' or a quoted name");
    }

    private static ArgumentException Fault(string path, string rule) => new($"'{path}' is no JSON path as they are used here: {rule}.", nameof(path));
}
