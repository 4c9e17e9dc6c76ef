using System.Runtime.InteropServices;
using Shadowcat.Sessions.Recorder;

// Handled here, because System.CommandLine handles signals only when an action has begun to wait: until then they would end this process, leave its server behind and store nothing.
// A terminal that goes away, and Ctrl+\, end it as SIGTERM and Ctrl+C do. A second signal ends it at once.
using var stopping = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
return await CommandLine.RunAsync(args, stopping.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}
