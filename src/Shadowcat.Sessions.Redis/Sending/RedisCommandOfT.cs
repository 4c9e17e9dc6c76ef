namespace Shadowcat.Sessions.Redis;

/// <summary>A command and what it answers.</summary>
internal abstract class RedisCommand<T> : RedisCommand
{
    /// <summary>Reads the answer into <see cref="Result"/>, or throws what was answered instead. Called once it is there.</summary>
    /// <returns>False where it has to be sent again: what it relied on had changed, and is known anew.</returns>
    public abstract ValueTask<bool> TryReadAsync();

    /// <summary>What was answered.</summary>
    public abstract T Result { get; }

    /// <summary>Sends it and reads the answer, for callers that have a timeout of their own.</summary>
    public async Task<T> RunAsync(RedisTarget target)
    {
        do
        {
            await SendAsync(target).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // reading throws
        }
        while (!await TryReadAsync().ConfigureAwait(false));

        return Result;
    }
}
