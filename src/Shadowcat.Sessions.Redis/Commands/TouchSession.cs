using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Notes activity of a session by <c>touch-session.lua</c>, and notifies listeners of what it learned. False where there is no session.</summary>
internal sealed class TouchSession(SessionId id, SessionChangeListeners listeners) : ListCommand<bool>(Script, id)
{
    /// <summary>How many are touched by one call of the script. The server answers no other caller meanwhile, for about 1 ms.</summary>
    private const int MaxTogether = 64;

    private static readonly ListScript Script = new("touch-session", most: MaxTogether, keys: static partition => [partition.Active, partition.Expiry, partition.Index]);
    private static readonly RedisValue[] SharedArguments = [SessionHash.Format];

    private readonly SessionId _id = id;

    protected override RedisValue[] Shared(RedisPartition partition) => SharedArguments;

    protected override RedisValue[] Own() => [_id.Value];

    protected override bool Read(RedisResult reply)
    {
        switch ((string?)reply[0])
        {
            case "touched":
                listeners.Notify(SessionHash.Activity(_id, (RedisValue)reply[1], (RedisValue)reply[2]));
                return true;
            case "format":
                throw SessionHash.UnknownFormat(Operations.TouchSession, _id, (RedisValue)reply[1]);
            case "damaged":
                throw SessionHash.Damaged(Operations.TouchSession, _id);
            default:
                listeners.Notify(SessionChange.Gone(_id));
                return false;
        }
    }
}
