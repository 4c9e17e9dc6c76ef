using System.Diagnostics;

namespace Shadowcat.Sessions;

/// <summary>An operation that is measured and traced.</summary>
internal readonly struct StoreCall(StoreTelemetry telemetry, string operation, Activity? outer, Activity? activity, long begun)
{
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

        if (activity is not null)
        {
            Activity.Current = outer;
        }

        return AwaitAsync(this, task);
    }

    /// <summary>Ends the operation here.</summary>
    /// <param name="exception">What it failed with; null where it did not.</param>
    public void End(Exception? exception)
    {
        var error = exception is null ? null : ErrorTypes.Of(exception);
        if (activity is not null && error is not null)
        {
            // Not what the exception says: it names the session.
            activity.SetStatus(ActivityStatusCode.Error);
            activity.SetTag(TagNames.ErrorType, error);
        }

        activity?.Stop();
        telemetry.Record(operation, activity?.Duration ?? TimeProvider.System.GetElapsedTime(begun), error);
    }

    private static async ValueTask<T> AwaitAsync<T>(StoreCall call, ValueTask<T> task)
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
