using System.CommandLine;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using Shadowcat.Sessions.Recorder.Commands;
using Shadowcat.Sessions.Recorder.Proxying;
using Shadowcat.Sessions.Recorder.Terminal;
using Shadowcat.Sessions.Recorder.Wrapping;

namespace Shadowcat.Sessions.Recorder;

/// <summary>What the program does with its arguments.</summary>
internal static class CommandLine
{
    /// <summary>What a shell answers for a program that was interrupted.</summary>
    private const int Interrupted = 128 + 2;

    /// <summary>Runs the command that the arguments name, and says in a sentence why it failed.</summary>
    /// <param name="arguments">The arguments of the program.</param>
    /// <param name="stop">Asks the command to end.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        // An argument that begins with '@' is a server's own, not the name of a file with more arguments.
        var parsed = CreateRoot().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = StandardOutput.ForHelp,
            Error = StandardError.Writer,
        };
        try
        {
            var code = await parsed.InvokeAsync(invocation, stop);
            return parsed is { Errors.Count: > 0, CommandResult.Command: VerdictCommand } && code != 0 ? VerdictCommand.Trouble : code;
        }
        catch (OperationCanceledException)
        {
            // By Ctrl+C, or as it.
            await StandardError.Writer.WriteLineAsync("shadowcat: stopped before the end");
            return Interrupted;
        }
        catch (Exception exception) when (exception is SessionStoreException or OptionsValidationException or ArgumentException or ProxyException or ClientConfigurationException or McpException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            await StandardError.Writer.WriteLineAsync($"shadowcat: {SafeText.OfLines(exception.Message)}");
            return 1;
        }
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Records the conversations of MCP clients and servers.")
        {
            DemoCommand.Create(),
            RecordCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            FollowCommand.Create(),
            ReplayCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            CountCommand.Create(),
            DeleteCommand.Create(),
            WrapCommand.Create(),
            UnwrapCommand.Create(),
            CompletionCommand.Create(),
            DiffCommand.Create(),
            CheckCommand.Create(),
            StatsCommand.Create(),
            InspectCommand.Create(),
            DemoServerCommand.Create(),
        };
        return DemoCommand.For(root);
    }
}
