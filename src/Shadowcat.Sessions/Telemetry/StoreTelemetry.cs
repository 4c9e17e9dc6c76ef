using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions;

/// <summary>Measures and traces the operations of one store, so that every store says the same. Where nobody listens, asking <see cref="IsEnabled"/> is all that it costs.</summary>
/// <example>
/// <code>
/// public ValueTask&lt;long&gt; CountSessionsAsync(CancellationToken cancellationToken = default) =>
///     _telemetry.MeasureAsync(Operations.CountSessions, () => CountAsync(cancellationToken));
/// </code>
/// </example>
/// <seealso cref="SessionTelemetry"/>
public sealed class StoreTelemetry
{
    private static readonly ActivitySource Source = new(SessionTelemetry.ActivitySourceName, SessionTelemetry.Version);

    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly string _target;
    private readonly SessionMetrics _metrics;

    /// <summary>Measures a store.</summary>
    /// <param name="address">The store.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null for one that all such stores of the process share. Where the meter has the tag <see cref="SessionTelemetry.StoreTag"/>, all measurements and spans have it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    public StoreTelemetry(StoreAddress address, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _metrics = SessionMetrics.Of(meterFactory);
        _tags = [.. TagsOf(address), .. _metrics.StoreTags];
        _target = address.EndPoint is { } endPoint ? " " + endPoint : "";
    }

    /// <summary>Whether anybody listens to operations.</summary>
    public bool IsEnabled => _metrics.OperationDuration.Enabled || Source.HasListeners();

    /// <summary>Whether anybody listens to how many frames are appended.</summary>
    public bool CountsAppendedFrames => _metrics.AppendedFrames.Enabled;

    /// <summary>Begins an operation. Until <see cref="MeasuredOperation.EndAsync"/> was called, its span is the current one.</summary>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <remarks>To be ended in the same synchronous method: <c>telemetry.Begin(operation).EndAsync(DoItAsync())</c>.</remarks>
    public MeasuredOperation Begin(string operation)
    {
        var outer = Activity.Current;
        var activity = Source.HasListeners() ? Start(operation) : null;
        return new MeasuredOperation(this, operation, outer, activity, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Does something as one operation.</summary>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="function">What it is; an asynchronous method, which throws nothing itself.</param>
    public ValueTask<T> MeasureAsync<T>(string operation, Func<ValueTask<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return IsEnabled ? Begin(operation).EndAsync(function()) : function();
    }

    /// <summary>Counts frames that the store acknowledged.</summary>
    /// <param name="count">How many.</param>
    public void CountAppendedFrames(long count) => _metrics.AppendedFrames.Add(count, _metrics.StoreTags);

    /// <summary>Counts expired sessions that this process reclaimed.</summary>
    /// <param name="count">How many.</param>
    public void CountReapedSessions(long count) => _metrics.ReapedSessions.Add(count, _metrics.StoreTags);

    /// <summary>Notes how long an operation took, and with what it failed.</summary>
    internal void Record(string operation, TimeSpan duration, string? error)
    {
        if (!_metrics.OperationDuration.Enabled)
        {
            return;
        }

        var tags = new TagList(_tags) { { TagNames.Operation, operation } };
        if (error is not null)
        {
            tags.Add(TagNames.ErrorType, error);
        }

        _metrics.OperationDuration.Record(duration.TotalSeconds, tags);
    }

    private static IEnumerable<KeyValuePair<string, object?>> TagsOf(StoreAddress address)
    {
        yield return new(TagNames.System, address.System);
        if (address.Database is not null)
        {
            yield return new(TagNames.Namespace, address.Database);
        }

        if (address.Host is not null)
        {
            yield return new(TagNames.ServerAddress, address.Host);
        }

        if (address.Port is { } port)
        {
            yield return new(TagNames.ServerPort, port);
        }
    }

    private Activity? Start(string operation)
    {
        // Given at creation, so that a sampler can go by them.
        var tags = new TagList(_tags) { { TagNames.Operation, operation } };
        return Source.StartActivity(ActivityKind.Client, tags: tags, name: operation + _target);
    }
}
