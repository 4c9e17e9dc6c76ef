namespace Shadowcat.Sessions.Redis;

/// <summary>A command that was sent, and the caller who waits for its answer.</summary>
internal sealed class RedisWait : PooledWait<bool>
{
    private readonly RedisSender _sender;
    private readonly Action _onAnswered;
    private RedisCommand? _command;
    private RedisTarget? _target;

    public RedisWait(RedisSender sender)
    {
        _sender = sender;
        _onAnswered = OnAnswered;
    }

    /// <summary>When the caller stops waiting, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    /// <summary>The neighbours in the list of those who wait, by age. Guarded by the sender's lock.</summary>
    public RedisWait? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    public RedisWait? Newer { get; set; }

    /// <summary>Whether it is in that list. Guarded by the sender's lock.</summary>
    public bool IsListed { get; set; }

    /// <summary>Begins to wait. Under the sender's lock, because the sender looks for timeouts there.</summary>
    /// <param name="command">The command.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="deadline">When the caller stops waiting.</param>
    public void Begin(RedisCommand command, RedisTarget target, long deadline)
    {
        _command = command;
        _target = target;
        Deadline = deadline;
        Begin();
    }

    /// <summary>Sends the command.</summary>
    public void Send()
    {
        Task answer;
        _target!.Begin();
        try
        {
            answer = _command!.SendAsync(_target);
        }
#pragma warning disable CA1031 // It is handed to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _target.End();
            _sender.Remove(this);
            TryFail(exception);
            Release();
            return;
        }

        answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onAnswered);
    }

    protected override void Clear()
    {
        _command = null;
        _target = null;
    }

    protected override void ReturnToPool() => _sender.Return(this);

    private void OnAnswered()
    {
        _target!.End();
        _sender.Remove(this);
        if (!TryComplete(true, here: true))
        {
            _command!.Abandon();
        }

        Release();
    }
}
