using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Recorder.Commands;
using Shadowcat.Sessions.Recorder.Proxying;
using Shadowcat.Sessions.Recorder.Terminal;
using Shadowcat.Sessions.Recorder.Wrapping;

// What a shell answers for a program that was interrupted.
const int Interrupted = 128 + 2;

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
DemoCommand.For(root);

// An argument that begins with '@' is a server's own, not the name of a file with more arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
try
{
    // Handled here, because InvokeAsync handles signals only when an action has begun to wait: until then they would end this process, leave its server behind and store nothing.
    // A terminal that goes away, and Ctrl+\, end it as SIGTERM and Ctrl+C do. A second signal ends it at once.
    using var stopping = new CancellationTokenSource();
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
    using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stopping.Token);
    return parsed is { Errors.Count: > 0, CommandResult.Command: VerdictCommand } && code != 0 ? VerdictCommand.Trouble : code;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = !stopping.IsCancellationRequested;
        stopping.Cancel();
    }
}
catch (OperationCanceledException)
{
    // By Ctrl+C, or as it.
    await Console.Error.WriteLineAsync("shadowcat: stopped before the end");
    return Interrupted;
}
catch (Exception exception) when (exception is SessionStoreException or OptionsValidationException or ArgumentException or ProxyException or ClientConfigurationException or McpException or IOException or TimeoutException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"shadowcat: {SafeText.OfLines(exception.Message)}");
    return 1;
}
