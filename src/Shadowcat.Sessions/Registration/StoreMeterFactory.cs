using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions;

/// <summary>Makes the meters of a store that has a name: they have it as a tag, and so they are not those of the other stores.</summary>
/// <param name="inner">The application's own factory; null where it has none.</param>
/// <param name="store">The name of the store.</param>
internal sealed class StoreMeterFactory(IMeterFactory? inner, string store) : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly List<Meter> _own = [];

    public Meter Create(MeterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var named = new MeterOptions(options.Name)
        {
            Version = options.Version,
            Tags = [.. options.Tags ?? [], new(TagNames.Store, store)],
            Scope = options.Scope,
            TelemetrySchemaUrl = options.TelemetrySchemaUrl,
        };
        if (inner is not null)
        {
            return inner.Create(named);
        }

        var meter = new Meter(named);
        lock (_lock)
        {
            _own.Add(meter);
        }

        return meter;
    }

    /// <summary>Disposes of the meters that it made itself; the application's factory disposes of its own.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _own.ForEach(static meter => meter.Dispose());
            _own.Clear();
        }
    }
}
