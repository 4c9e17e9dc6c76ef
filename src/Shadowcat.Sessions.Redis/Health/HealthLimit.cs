namespace Shadowcat.Sessions.Redis;

/// <summary>The time limit of one health check, for all that it asks.</summary>
internal sealed class HealthLimit : IDisposable
{
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _stop;

    public HealthLimit(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Timeout = timeout;
        _time = new CancellationTokenSource(timeout, TimeProvider.System);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, cancellationToken);
    }

    public TimeSpan Timeout { get; }

    /// <summary>Cancelled when the time is up, or the caller's own token is.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _stop.Dispose();
        _time.Dispose();
    }
}
