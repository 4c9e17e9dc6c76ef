using Shadowcat.Sessions.Recorder.Starting;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>Recognizes a recorder in a configuration, and which of its arguments is the server behind it.</summary>
/// <param name="Server">The place of the server's command among the arguments; null for a recorder with none, as one before an address.</param>
/// <param name="IsSeparated">Whether '--' stands before it.</param>
internal sealed record RecorderCall(int? Server, bool IsSeparated)
{
    /// <summary>Ends the options of the recorder.</summary>
    public const string Separator = "--";

    /// <summary>The command of the recorder that stands before a server.</summary>
    public const string Record = "record";

    private static readonly string[] Names = [OwnExecutable.Name, OwnExecutable.Package];

    /// <summary>The recorder that a command line starts, wherever it is installed and whatever starts it; null for another program.</summary>
    public static RecorderCall? Of(string command, IReadOnlyList<string> arguments)
    {
        var record = arguments.ToList().IndexOf(Record);
        if (record < 0 || !arguments.Take(record).Prepend(command).Any(IsRecorder))
        {
            return null;
        }

        var separator = arguments.ToList().IndexOf(Separator, record);
        if (separator >= 0)
        {
            return new RecorderCall(separator + 1 < arguments.Count ? separator + 1 : null, IsSeparated: true);
        }

        // Without one, the server has no arguments, which end the command line.
        var last = arguments.Count - 1;
        return new RecorderCall(last > record && !arguments.Contains("--http", StringComparer.Ordinal) ? last : null, IsSeparated: false);
    }

    /// <summary>Whether a program, its assembly, its package or its project is the recorder.</summary>
    private static bool IsRecorder(string argument)
    {
        var name = argument[(argument.LastIndexOfAny(['/', '\\']) + 1)..].Split('@')[0];
        foreach (var extension in (string[])[".exe", ".dll", ".csproj"])
        {
            name = name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? name[..^extension.Length] : name;
        }

        return Names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
