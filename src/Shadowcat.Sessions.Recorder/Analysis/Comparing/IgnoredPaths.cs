using System.Globalization;

namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>The parts of messages that are not compared, as a tree that is walked along with a message: nothing is looked up where no path leads.</summary>
internal sealed class IgnoredPaths
{
    private const string Any = "*";

    /// <summary>What differs each time: ids, times, tokens, and what is compared with the sessions themselves.</summary>
    private static readonly string[] Volatile =
    [
        "params._meta", "result._meta",
        "params.progressToken", "params.requestId", "params.taskId", "params.requestState", "params.createdAt", "params.lastUpdatedAt",
        "result.requestState", "result.taskId", "result.createdAt", "result.lastUpdatedAt",
        "result.task.taskId", "result.task.createdAt", "result.task.lastUpdatedAt",
        "result.tasks[*].taskId", "result.tasks[*].createdAt", "result.tasks[*].lastUpdatedAt",
        "params.protocolVersion", "params.clientInfo", "result.protocolVersion", "result.serverInfo",
    ];

    private readonly Dictionary<string, IgnoredPaths> _below = new(StringComparer.Ordinal);

    private IgnoredPaths()
    {
    }

    /// <summary>Whether what is here is not compared.</summary>
    public bool IsIgnored { get; private set; }

    /// <summary>The paths that are never compared, and others.</summary>
    /// <param name="paths">Such as <c>result.content[*].text</c>; <c>$.</c> before it means nothing more.</param>
    /// <exception cref="FormatException">One is no path.</exception>
    public static IgnoredPaths Create(IEnumerable<string> paths)
    {
        var root = new IgnoredPaths();
        foreach (var path in Volatile.Concat(paths))
        {
            root.Add(path);
        }

        return root;
    }

    /// <summary>What is ignored below a member.</summary>
    public IgnoredPaths? Member(string name) => _below.GetValueOrDefault(name);

    /// <summary>What is ignored below an element.</summary>
    public IgnoredPaths? Element(int index)
    {
        var one = _below.GetValueOrDefault(index.ToString(CultureInfo.InvariantCulture).Insert(0, "["));
        var any = _below.GetValueOrDefault("[" + Any);
        return one is null ? any : any is null ? one : Merged(one, any);
    }

    private static IgnoredPaths Merged(IgnoredPaths one, IgnoredPaths other)
    {
        var merged = new IgnoredPaths { IsIgnored = one.IsIgnored || other.IsIgnored };
        foreach (var (step, below) in one._below.Concat(other._below))
        {
            merged._below[step] = merged._below.TryGetValue(step, out var there) ? Merged(there, below) : below;
        }

        return merged;
    }

    private void Add(string path)
    {
        var here = this;
        foreach (var step in Steps(path))
        {
            if (!here._below.TryGetValue(step, out var below))
            {
                here._below[step] = below = new IgnoredPaths();
            }

            here = below;
        }

        here.IsIgnored = true;
    }

    /// <summary>Names as they are, and indexes with a bracket before them.</summary>
    private static IEnumerable<string> Steps(string path)
    {
        var parts = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        foreach (var part in parts.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0)
            {
                throw Fault(path);
            }

            yield return name;
            foreach (var index in bracket < 0 ? [] : part[(bracket + 1)..].Split('['))
            {
                if (!index.EndsWith(']') || (index[..^1] != Any && !int.TryParse(index.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                {
                    throw Fault(path);
                }

                yield return "[" + index[..^1];
            }
        }
    }

    private static FormatException Fault(string path) => new($"'{path}' is no path: one is result.content[*].text, of names, indexes and [*] for any index.");
}
