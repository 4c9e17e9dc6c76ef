using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>The logger of a store that has a name, which stands at the end of its category.</summary>
/// <param name="logger">The logger of that category.</param>
/// <typeparam name="T">What logs.</typeparam>
internal sealed class StoreLogger<T>(ILogger logger) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        logger.Log(logLevel, eventId, state, exception, formatter);
}
