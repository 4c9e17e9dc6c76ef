using System.Collections.Concurrent;
using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>Makes every call of the workload: sees how long it takes, and which error the caller gets when it fails.</summary>
internal sealed class Calls(ChaosOptions options, bool refusesWrites, Findings findings, StallMeter stalls)
{
    private readonly ConcurrentDictionary<long, (string Name, TimeSpan Begun)> _pending = new();
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _number;

    /// <summary>How often callers got which exception.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>How long the longest call took that is bounded by the operation timeout.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Calls that have no answer.</summary>
    public IEnumerable<(string Name, TimeSpan Begun)> Pending => _pending.Values;

    /// <summary>Makes a call.</summary>
    /// <param name="name">What it is, for the report.</param>
    /// <param name="call">The call.</param>
    /// <param name="isExpected">Which failures are right here although no disturbance explains them.</param>
    /// <param name="isOneOperation">Whether the operation timeout bounds it.</param>
    public async Task<CallResult<T>> RunAsync<T>(string name, Func<Task<T>> call, Func<Exception, bool>? isExpected = null, bool isOneOperation = true)
    {
        var number = Interlocked.Increment(ref _number);
        var begun = Clock.Now;
        _pending[number] = (name, begun);
        try
        {
            var value = await call();
            return new CallResult<T>(Outcome.Done, value, null);
        }
#pragma warning disable CA1031 // What is not expected is a finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new CallResult<T>(Judge(name, exception, isExpected), default, exception);
        }
        finally
        {
            _pending.TryRemove(number, out _);
            if (isOneOperation)
            {
                NoteDuration(name, begun, Clock.Now);
            }
        }
    }

    private void NoteDuration(string name, TimeSpan begun, TimeSpan ended)
    {
        var duration = ended - begun;
        if (duration > options.OperationTimeout + options.Overrun)
        {
            duration -= stalls.Within(begun, ended);
            if (duration > options.OperationTimeout + options.Overrun)
            {
                findings.Add(Breach.Late, $"{name} took {duration.TotalMilliseconds:0} ms; its timeout is {options.OperationTimeout.TotalMilliseconds:0} ms.");
            }
        }

        lock (_lock)
        {
            Longest = duration > Longest ? duration : Longest;
        }
    }

    private Outcome Judge(string name, Exception exception, Func<Exception, bool>? isExpected)
    {
        if (exception is OperationCanceledException)
        {
            // The caller's own doing.
            return Outcome.Unknown;
        }

        if (isExpected?.Invoke(exception) is true)
        {
            return Outcome.NotDone;
        }

        _failures.AddOrUpdate(exception.GetType().Name, 1, static (_, count) => count + 1);
        switch (exception)
        {
            case SessionStoreUnavailableException unavailable:
                return unavailable.OutcomeUnknown ? Outcome.Unknown : Outcome.NotDone;
            case SessionTimeoutException:
                return Outcome.Unknown;
            case SessionLimitExceededException when refusesWrites:
                return Outcome.NotDone;
            default:
                findings.Add(Breach.Error, $"{name}: {exception.GetType().Name}: {exception.Message} {exception.InnerException?.Message}");
                return Outcome.NotDone;
        }
    }
}
