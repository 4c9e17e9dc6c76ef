namespace Shadowcat.Sessions.Recorder.Terminal;

/// <summary>Asks whoever sits at the terminal.</summary>
internal static class Question
{
    /// <summary>Whether somebody sits there.</summary>
    public static bool CanBeAsked => !StandardInput.IsRedirected;

    /// <summary>Whether the answer is yes; anything else is no.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellationToken">Ends the waiting for an answer.</param>
    public static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        await StandardError.Writer.WriteAsync($"{question} [y/N] ");

        // A console cannot be made to stop waiting for a line.
        var answer = await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
