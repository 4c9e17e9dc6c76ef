using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Keeps everything that is logged, at every level, with all that a sink could make of it.</summary>
internal sealed class CollectingLogger : ILogger, ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>A logger of that category, which lets everything through.</summary>
    public ILogger<T> For<T>() => LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this)).CreateLogger<T>();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _entries.Enqueue(new Entry(LogLevel.None, default, $"scope {state}"));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = state is IReadOnlyList<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
        _entries.Enqueue(new Entry(logLevel, eventId, $"{formatter(state, exception)}\n{values}\n{exception}"));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    /// <param name="Level">How serious.</param>
    /// <param name="Id">Which event.</param>
    /// <param name="Text">The message, its values and the exception with everything inside.</param>
    internal sealed record Entry(LogLevel Level, EventId Id, string Text);
}
