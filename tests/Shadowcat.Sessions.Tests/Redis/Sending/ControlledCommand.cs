namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A command whose answers come when the test says so.</summary>
/// <param name="tries">How many times it has to be sent until its answer counts.</param>
internal sealed class ControlledCommand(int tries = 1) : RedisCommand<int>
{
    private readonly TaskCompletionSource<int>[] _answers = [.. Enumerable.Range(0, tries).Select(_ => new TaskCompletionSource<int>())];
    private int _sent;
    private int _forgotten;

    /// <summary>How many times it was sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>How many times nobody wanted the answer any more.</summary>
    public int Forgotten => Volatile.Read(ref _forgotten);

    public override int Result => Answer.Task.GetAwaiter().GetResult();

    private TaskCompletionSource<int> Answer => _answers[Sent - 1];

    /// <summary>Answers the newest try.</summary>
    public void Reply(int answer) => Answer.SetResult(answer);

    /// <summary>Fails the newest try.</summary>
    public void Break(Exception exception) => Answer.SetException(exception);

    public override Task SendAsync(RedisTarget target) => _answers[Interlocked.Increment(ref _sent) - 1].Task;

    public override async ValueTask<bool> TryReadAsync()
    {
        await Answer.Task.ConfigureAwait(false);
        return Sent == _answers.Length;
    }

    public override void Abandon()
    {
        Interlocked.Increment(ref _forgotten);
        AbandonedReply.Observe(Answer.Task);
    }
}
