namespace Shadowcat.Sessions.Redis;

/// <summary>A function as a command. It may take several round trips.</summary>
internal sealed class FunctionCommand<T>(Func<RedisTarget, Task<T>> function) : RedisCommand<T>
{
    private Task<T>? _running;
    private T _result = default!;

    public override T Result => _result;

    public override Task SendAsync(RedisTarget target) => _running = function(target);

    public override async ValueTask<bool> TryReadAsync()
    {
        _result = await _running!.ConfigureAwait(false);
        return true;
    }

    public override void Abandon() => AbandonedReply.Observe(_running!);
}
