using System.CommandLine;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>A command that judges recordings, with the exit codes of diff and grep: a script must not take a failure for a verdict.</summary>
internal sealed class VerdictCommand(string name, string description) : Command(name, description)
{
    /// <summary>Nothing was found.</summary>
    public const int Nothing = 0;

    /// <summary>Something was found.</summary>
    public const int Found = 1;

    /// <summary>It could not be looked for.</summary>
    public const int Trouble = 2;

    /// <summary>Says how it comes to its verdict.</summary>
    public void Judge(Func<ParseResult, CancellationToken, Task<bool>> finds) => SetAction(async (parse, cancellationToken) =>
    {
        try
        {
            return await finds(parse, cancellationToken) ? Found : Nothing;
        }
        catch (Exception exception) when (exception is SessionStoreException or OptionsValidationException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            await StandardError.Writer.WriteLineAsync($"shadowcat: {SafeText.OfLines(exception.Message)}");
            return Trouble;
        }
    });
}
