using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The circuit breaker of one server: whether calls to it are worth sending.</summary>
/// <remarks>
/// <para>It opens after a number of calls in a row, retries included, failed in ways that mean an outage, with no answer in between.
/// It closes with the first answer: to the probe that is sent while it is open, or to a call that was still under way.</para>
/// <para>The breaker of Polly takes a lock for each call, measures a share of failures over a window that a busy store has filled with successes, and uses a caller as the
/// probe, who then waits for the timeout of a frozen server. Here a closed circuit costs a call two reads of a field.</para>
/// </remarks>
internal sealed class RedisCircuit(string? place, int threshold, Action<RedisCircuit> opened, Action<RedisCircuit> closed, ILogger logger, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>How many calls have failed since the last answer; while it is open, those that were refused too.</summary>
    private long _failedCalls;
    private bool _isOpen;
    private bool _isRetired;
    private DateTimeOffset _since;
    private long _begun;
    private Exception? _cause;

    /// <summary>Whether calls fail at once.</summary>
    public bool IsOpen => Volatile.Read(ref _isOpen);

    public DateTimeOffset Since
    {
        get
        {
            lock (_lock)
            {
                return _since;
            }
        }
    }

    public long FailedCalls => Interlocked.Read(ref _failedCalls);

    /// <summary>Notes that the server answered, even with an error.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _failedCalls) != 0)
        {
            Close();
        }
    }

    /// <summary>Notes that a call failed, because of an outage or with an answer.</summary>
    public void Failed(Exception exception)
    {
        if (RedisFaults.IsOutage(exception))
        {
            if (Interlocked.Increment(ref _failedCalls) >= threshold && !IsOpen)
            {
                Open(exception);
            }
        }
        else if (exception is RedisServerException || ConnectionFaults.Refusal(exception) is not null)
        {
            Answered();
        }
    }

    /// <summary>The exception of a call that is not sent. The call counts as failed.</summary>
    public SessionStoreUnavailableException Refuse(string operation, SessionId? id)
    {
        Interlocked.Increment(ref _failedCalls);
        return new SessionStoreUnavailableException(
            operation, id, $"the circuit is open, as {(operation == Operations.CheckHealth || place is null ? "the server" : $"the server {place}")} does not answer; nothing was done. The store probes it, and sends calls again when it answers.", outcomeUnknown: false, Volatile.Read(ref _cause));
    }

    /// <summary>Closes the circuit for good, because the store is disposed of: calls fail with that instead.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
            Volatile.Write(ref _isOpen, false);
        }
    }

    private void Open(Exception cause)
    {
        lock (_lock)
        {
            if (_isOpen || _isRetired)
            {
                return;
            }

            Volatile.Write(ref _cause, cause);
            (_since, _begun) = (time.GetUtcNow(), time.GetTimestamp());
            RedisLog.OutageBegan(logger, place, cause is RedisConnectionException connection ? $"{connection.FailureType}{ConnectionFaults.Remark(cause)}" : cause.GetType().Name);
            Volatile.Write(ref _isOpen, true);
        }

        opened(this);
    }

    private void Close()
    {
        long failed;
        lock (_lock)
        {
            failed = Interlocked.Exchange(ref _failedCalls, 0);
            if (!_isOpen)
            {
                return;
            }

            // Logged before the circuit is seen closed, as its opening before it is seen open.
            RedisLog.OutageEnded(logger, place, time.GetElapsedTime(_begun).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture), failed);
            Volatile.Write(ref _cause, null);
            Volatile.Write(ref _isOpen, false);
        }

        closed(this);
    }
}
