using System.CommandLine;
using System.CommandLine.Parsing;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>That a command is to write JSON, for programs.</summary>
internal static class JsonOption
{
    /// <param name="document">What it writes then, in words.</param>
    public static Option<bool> Create(string document) => new("--json") { Description = $"Write JSON: {document}." };

    /// <summary>Refuses to write two forms at once.</summary>
    public static void RefuseBoth(CommandResult result, Option<bool> json, Option<bool> other)
    {
        if (result.GetValue(json) && result.GetValue(other))
        {
            result.AddError($"Give either '{json.Name}' or '{other.Name}'.");
        }
    }
}
