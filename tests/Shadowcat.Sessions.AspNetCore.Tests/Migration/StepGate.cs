namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>Holds a tool up until the test has done what comes before.</summary>
internal sealed class StepGate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    public Task WaitAsync(CancellationToken cancellationToken) => _open.Task.WaitAsync(cancellationToken);
}
