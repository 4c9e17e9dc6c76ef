using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A synchronization context of one thread, as of a window: whoever blocks in it holds up everything that wants to go on in it.</summary>
internal sealed class OneThread : SynchronizationContext, IDisposable
{
    /// <summary>Beyond this, a machine is not slow but a call hangs.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

    public OneThread() => new Thread(Run) { IsBackground = true, Name = nameof(OneThread) }.Start();

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    /// <summary>Blocks the thread until a call has ended that was made on it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="blocking">Comes when the call is back with its task, and the thread is about to block.</param>
    /// <returns>Whether it ended: one that needs the thread to go on never does.</returns>
    public Task<bool> TryBlockOnAsync(Func<Task> call, Action? blocking = null)
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    var task = call();
                    blocking?.Invoke();
                    ended.SetResult(task.Wait(Longest));
                }
#pragma warning disable CA1031 // It is the test's.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    ended.SetException(exception);
                }
            },
            state: null);
        return ended.Task;
    }

    public void Dispose() => _posted.CompleteAdding();

    private void Run()
    {
        SetSynchronizationContext(this);
        foreach (var (callback, state) in _posted.GetConsumingEnumerable())
        {
            callback(state);
        }
    }
}
