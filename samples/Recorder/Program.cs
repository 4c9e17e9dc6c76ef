using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Recorder.Commands;
using Recorder.Display;
using Recorder.Proxying;
using Shadowcat.Sessions;

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
    DemoServerCommand.Create(),
};
DemoCommand.For(root);

// An argument that begins with '@' is a server's own, not the name of a file with more arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
try
{
    // A terminal that goes away, and Ctrl+\, end it as SIGTERM does.
    using var stopping = new CancellationTokenSource();
    using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
    using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);

    // A recorder that is told to stop first lets its server end; that has a limit of its own.
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) }, stopping.Token);

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stopping.Cancel();
    }
}
catch (OperationCanceledException)
{
    // By Ctrl+C, or as it.
    await Console.Error.WriteLineAsync("recorder: stopped before the end");
    return Interrupted;
}
catch (Exception exception) when (exception is SessionStoreException or OptionsValidationException or ArgumentException or ProxyException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"recorder: {SafeText.OfLines(exception.Message)}");
    return 1;
}
