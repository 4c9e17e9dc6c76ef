using System.Collections.Concurrent;
using System.Diagnostics;

namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>The spans of the library that belong to the trace of one test, which begins with this.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;

    public Spans()
    {
        Root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SessionTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == Root.TraceId)
                {
                    _spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity Root { get; }

    public IReadOnlyCollection<Activity> All => _spans;

    public IEnumerable<Activity> Of(string operation) => _spans.Where(span => span.GetTagItem("db.operation.name") is string name && name == operation);

    public void Dispose()
    {
        _listener.Dispose();
        Root.Dispose();
    }
}
