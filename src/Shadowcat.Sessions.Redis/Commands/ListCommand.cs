using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A call of a <see cref="ListScript"/> about one session, sent together with those of other callers. It is sent again where the list has another fencing token than was known.</summary>
internal abstract class ListCommand<T>(ListScript script, SessionId id) : RedisCommand<T>
{
    private RedisPartition? _partition;
    private Task<RedisResult>? _asking;
    private T _result = default!;

    public override T Result => _result;

    public override Task SendAsync(RedisTarget target)
    {
        _partition = target.Layout.PartitionOf(id);
        return _asking = script.AskAsync(target, id, Shared(_partition), Own());
    }

    public override async ValueTask<bool> TryReadAsync()
    {
        var reply = await _asking!.ConfigureAwait(false);
        if (!ListScript.IsOfItsList(_partition!, id, reply))
        {
            return false;
        }

        _result = Read(reply);
        return true;
    }

    public override void Abandon() => AbandonedReply.Observe(_asking!);

    /// <summary>The arguments that all sessions share: the same for every call of a store.</summary>
    protected abstract RedisValue[] Shared(RedisPartition partition);

    /// <summary>The other arguments.</summary>
    protected abstract RedisValue[] Own();

    /// <summary>What the answer means.</summary>
    protected abstract T Read(RedisResult reply);
}
