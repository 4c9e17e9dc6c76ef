namespace Shadowcat.Sessions.Redis;

/// <summary>How long each operation takes at most.</summary>
internal sealed class RedisTimeouts(RedisSessionStoreOptions options)
{
    /// <summary>Of whatever changes a session or its frames.</summary>
    public TimeSpan Write { get; } = options.WriteTimeout ?? options.OperationTimeout;

    private readonly TimeSpan _read = options.ReadTimeout ?? options.OperationTimeout;
    private readonly TimeSpan _list = options.ListTimeout ?? options.OperationTimeout;

    /// <summary>Of whatever is neither a read, a write nor a listing.</summary>
    public TimeSpan Other { get; } = options.OperationTimeout;

    /// <summary>The longest of them, which the client library gets: the store itself times out what takes too long for its operation.</summary>
    public TimeSpan Longest => Max(Max(Write, _read), Max(_list, Other));

    public TimeSpan Shortest => Min(Min(Write, _read), Min(_list, Other));

    /// <summary>The timeout of an operation, by its name.</summary>
    public TimeSpan Of(string operation) => operation switch
    {
        Operations.GetSession or Operations.GetSessions or Operations.GetFrames or Operations.BorrowFrames or Operations.FollowFrames or Operations.CountFrames => _read,
        Operations.CreateSession or Operations.UpdateSession or Operations.DeleteSession or Operations.TouchSession
            or Operations.AddFrame or Operations.AddFrames or Operations.DeleteFrames => Write,
        Operations.ListSessions or Operations.CountSessions or Operations.ReapExpiredSessions => _list,
        _ => Other,
    };

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
