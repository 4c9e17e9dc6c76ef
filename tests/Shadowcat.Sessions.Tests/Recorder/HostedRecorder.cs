using Shadowcat.Sessions.Recorder;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The recorder inside this process, between streams in memory, for what signals, pipes, terminals and other programs have no part in..</summary>
internal static class HostedRecorder
{
    /// <summary>Runs a command to its end.</summary>
    public static Task<RecorderRun> RunAsync(params string[] arguments) => RunAsync(default(ReadOnlyMemory<byte>), arguments);

    /// <summary>Runs a command to its end.</summary>
    public static Task<RecorderRun> RunAsync(ReadOnlyMemory<byte> input, params string[] arguments) => RunAsync(input, [], arguments);

    /// <summary>Runs a command to its end, with a variable of its environment.</summary>
    public static Task<RecorderRun> RunWithAsync(string variable, string value, params string[] arguments) =>
        RunAsync(default, new Dictionary<string, string>(StringComparer.Ordinal) { [variable] = value }, arguments);

    private static async Task<RecorderRun> RunAsync(ReadOnlyMemory<byte> input, Dictionary<string, string> variables, string[] arguments)
    {
        using var reading = new MemoryStream(input.ToArray(), writable: false);
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        var run = new HostedRun(reading, output, TextWriter.Synchronized(errors), variables);
        int exitCode = await run.RunAsync(() => CommandLine.RunAsync(arguments, TestContext.Current.CancellationToken));
        return new RecorderRun(exitCode, output.ToArray(), errors.ToString());
    }
}
