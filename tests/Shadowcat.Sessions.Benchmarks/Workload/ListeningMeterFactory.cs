using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>A meter factory to whose meters somebody listens, and to spans too where asked for.</summary>
internal sealed class ListeningMeterFactory : IMeterFactory
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener? _spans;
    private readonly List<Meter> _made = [];
    private long _measurements;

    /// <param name="spans">Whether every span of the process is listened to and recorded as well.</param>
    public ListeningMeterFactory(bool spans)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _measurements));
        _meters.SetMeasurementEventCallback<long>((_, _, _, _) => Interlocked.Increment(ref _measurements));
        _meters.SetMeasurementEventCallback<int>((_, _, _, _) => Interlocked.Increment(ref _measurements));
        _meters.Start();
        if (spans)
        {
            _spans = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == SessionTelemetry.ActivitySourceName,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            };
            ActivitySource.AddActivityListener(_spans);
        }
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _made.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _spans?.Dispose();
        _meters.Dispose();
        _made.ForEach(meter => meter.Dispose());
    }
}
