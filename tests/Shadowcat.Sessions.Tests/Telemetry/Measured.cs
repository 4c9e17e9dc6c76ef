using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>A meter factory of one test, and all that is measured by the meters it makes: tests that run at the same time do not see each other's.</summary>
internal sealed class Measured : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Meter> _meters = [];
    private readonly ConcurrentDictionary<string, Instrument> _instruments = [];
    private readonly ConcurrentQueue<Measurement> _measurements = [];

    public Measured(bool listens = true)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, this))
            {
                return;
            }

            _instruments[instrument.Name] = instrument;
            if (listens)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyCollection<Instrument> Instruments => [.. _instruments.Values];

    public IReadOnlyCollection<Measurement> All => _measurements;

    public Instrument this[string instrument] => _instruments[instrument];

    public IReadOnlyList<Measurement> Of(string instrument) => [.. _measurements.Where(measurement => measurement.Instrument == instrument)];

    public double Sum(string instrument) => Of(instrument).Sum(measurement => measurement.Value);

    /// <summary>Looks at what is observed, once.</summary>
    public double Observe(string instrument)
    {
        var seen = Of(instrument).Count;
        _listener.RecordObservableInstruments();
        return Of(instrument).Skip(seen).Sum(measurement => measurement.Value);
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return _meters.GetOrAdd($"{options.Name} {string.Join(' ', options.Tags ?? [])}", _ => new Meter(options));
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters.Values)
        {
            meter.Dispose();
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue(new Measurement(instrument.Name, value, tags.ToArray().ToDictionary(StringComparer.Ordinal)));

    /// <param name="Instrument">The name of the instrument.</param>
    /// <param name="Value">What was measured.</param>
    /// <param name="Tags">Under which tags.</param>
    internal sealed record Measurement(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags);
}
