using System.Diagnostics;

namespace Shadowcat.Sessions;

/// <summary>An operation that is measured and traced, as <see cref="StoreTelemetry.Begin"/> makes it.</summary>
public readonly struct MeasuredOperation
{
    private readonly StoreTelemetry _telemetry;
    private readonly string _operation;
    private readonly Activity? _outer;
    private readonly Activity? _activity;
    private readonly long _begun;

    internal MeasuredOperation(StoreTelemetry telemetry, string operation, Activity? outer, Activity? activity, long begun)
    {
        _telemetry = telemetry;
        _operation = operation;
        _outer = outer;
        _activity = activity;
        _begun = begun;
    }

    /// <summary>Ends the operation when its task does. The caller has its own span back at once.</summary>
    /// <param name="task">The operation, begun under its span.</param>
    public ValueTask<T> EndAsync<T>(ValueTask<T> task)
    {
        if (task.IsCompletedSuccessfully)
        {
            var result = task.Result;
            End(null);
            return new ValueTask<T>(result);
        }

        if (_activity is not null)
        {
            Activity.Current = _outer;
        }

        return AwaitAsync(this, task);
    }

    /// <summary>Ends the operation here.</summary>
    /// <param name="exception">What it failed with; null where it did not.</param>
    public void End(Exception? exception)
    {
        var error = exception is null ? null : ErrorTypes.Of(exception);
        if (_activity is not null && error is not null)
        {
            // Not what the exception says: it names the session.
            _activity.SetStatus(ActivityStatusCode.Error);
            _activity.SetTag(TagNames.ErrorType, error);
        }

        _activity?.Stop();
        _telemetry.Record(_operation, _activity?.Duration ?? TimeProvider.System.GetElapsedTime(_begun), error);
    }

    private static async ValueTask<T> AwaitAsync<T>(MeasuredOperation call, ValueTask<T> task)
    {
        try
        {
            var result = await task.ConfigureAwait(false);
            call.End(null);
            return result;
        }
        catch (Exception exception)
        {
            call.End(exception);
            throw;
        }
    }
}
