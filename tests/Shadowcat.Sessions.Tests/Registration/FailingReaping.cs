using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>A store that cannot reclaim what expired, for a reason that no store should have.</summary>
internal sealed class FailingReaping(Exception failure) : ForwardingStore
{
    private int _calls;

    public Exception? Failure { get; set; } = failure;

    public int Calls => Volatile.Read(ref _calls);

    protected override ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call) => call();

    public override ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        return Failure is { } failure ? throw failure : base.ReapExpiredSessionsAsync(cancellationToken);
    }
}
