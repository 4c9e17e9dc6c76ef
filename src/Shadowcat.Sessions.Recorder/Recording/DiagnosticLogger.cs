using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>Shows people what the recording has to say, and never the client: stdout is its stream.</summary>
internal sealed class DiagnosticLogger(TextWriter diagnostics) : ILogger<SessionRecorder>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            diagnostics.WriteLine($"shadowcat: {SafeText.Of(formatter(state, exception))}");
        }
    }
}
