namespace Shadowcat.Sessions.Recorder.Terminal;

/// <summary>What a run inside another program has in the place of the standard streams and the environment of a process. Several such runs do not see one another.</summary>
/// <param name="Input">What it reads.</param>
/// <param name="Output">What it writes for others; it may close it.</param>
/// <param name="Error">What it says to people.</param>
/// <param name="Variables">Its environment.</param>
internal sealed record HostedRun(Stream Input, Stream Output, TextWriter Error, IReadOnlyDictionary<string, string> Variables)
{
    private static readonly AsyncLocal<HostedRun?> OfFlow = new();

    /// <summary>The run that the caller belongs to; null where the program has a process of its own.</summary>
    public static HostedRun? Current => OfFlow.Value;

    /// <summary>Runs the program to its end.</summary>
    /// <param name="program">The program, which finds this run as <see cref="Current"/>.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(Func<Task<int>> program)
    {
        // It ends with this method, for the caller's flow of execution is another.
        OfFlow.Value = this;
        return await program();
    }
}
