using System.Diagnostics;

namespace Shadowcat.Sessions;

/// <summary>Measures and traces the operations of one store. Where nobody listens, asking <see cref="IsHeard"/> is all that it costs.</summary>
internal sealed class StoreTelemetry
{
    private static readonly ActivitySource Source = new(SessionTelemetry.ActivitySourceName, SessionTelemetry.Version);

    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly string _target;

    public StoreTelemetry(SessionMetrics metrics, StoreAddress address)
    {
        Metrics = metrics;
        _tags = [.. TagsOf(address)];
        _target = address.Host is null ? "" : address.Port is { } port ? FormattableString.Invariant($" {address.Host}:{port}") : " " + address.Host;
    }

    public SessionMetrics Metrics { get; }

    /// <summary>Whether anybody listens to operations.</summary>
    public bool IsHeard => Metrics.OperationDuration.Enabled || Source.HasListeners();

    /// <summary>Begins an operation. Until <see cref="StoreCall.EndAsync"/> was called, its span is the current one.</summary>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <remarks>To be ended in the same synchronous method: <c>telemetry.Begin(operation).EndAsync(DoItAsync())</c>.</remarks>
    public StoreCall Begin(string operation)
    {
        var outer = Activity.Current;
        var activity = Source.HasListeners() ? Start(operation) : null;
        return new StoreCall(this, operation, outer, activity, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Does something as one operation.</summary>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="function">What it is; an asynchronous method, which throws nothing itself.</param>
    public ValueTask<T> MeasureAsync<T>(string operation, Func<ValueTask<T>> function) => IsHeard ? Begin(operation).EndAsync(function()) : function();

    /// <summary>Notes how long an operation took, and with what it failed.</summary>
    public void Record(string operation, TimeSpan duration, string? error)
    {
        if (!Metrics.OperationDuration.Enabled)
        {
            return;
        }

        var tags = new TagList(_tags) { { TagNames.Operation, operation } };
        if (error is not null)
        {
            tags.Add(TagNames.ErrorType, error);
        }

        Metrics.OperationDuration.Record(duration.TotalSeconds, tags);
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
