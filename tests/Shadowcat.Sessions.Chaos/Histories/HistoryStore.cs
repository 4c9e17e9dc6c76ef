using Shadowcat.Sessions.Redis;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>A store as a process has it: with a connection of its own, and maybe with a buffer in front.</summary>
internal sealed class HistoryStore(string name, RedisSessionStore redis, BufferedSessionStore? buffer) : IAsyncDisposable
{
    private long _served;

    /// <summary>What reports call it.</summary>
    public string Name => name;

    public ISessionStore Store => buffer is null ? redis : buffer;

    public BufferedSessionStore? Buffer => buffer;

    /// <summary>When the server last answered it something that may write; a server that is a replica by now answers what reads.</summary>
    public TimeSpan Served => TimeSpan.FromTicks(Volatile.Read(ref _served));

    public void Note(HistoryOperation operation)
    {
        if (operation.IsAnswered && !operation.IsReading)
        {
            Volatile.Write(ref _served, Clock.Now.Ticks);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (buffer is not null)
        {
            await buffer.DisposeAsync();
        }

        await redis.DisposeAsync();
    }
}
