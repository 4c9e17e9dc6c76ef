using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A kind of call that a script carries out for many callers of a partition together.</summary>
/// <param name="most">How many calls one script takes at most.</param>
/// <param name="send">Sends the script for some calls, and answers for each in their order.</param>
internal sealed class BatchedScript<TCall, TAnswer>(int most, Func<IDatabase, RedisPartition, TCall[], Task<TAnswer[]>> send)
{
    /// <summary>Makes the queue of one connection and partition.</summary>
    public BatchedCalls<TCall, TAnswer> NewCalls(IDatabase database, RedisPartition partition) => new(most, calls => send(database, partition, calls));
}
