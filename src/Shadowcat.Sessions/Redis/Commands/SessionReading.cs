using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>A session that is being read.</summary>
/// <param name="List">The name its list of frames was thought to have.</param>
/// <param name="Frames">How many frames that list has.</param>
/// <param name="Fields">The hash.</param>
internal readonly record struct SessionReading(string List, Task<long> Frames, Task<RedisValue[]> Fields)
{
    /// <summary>The session; null where there is none.</summary>
    public async Task<Session?> ReadAsync(IDatabase database, RedisPartition partition, string operation, SessionId id)
    {
        var reading = this;
        while (true)
        {
            // Both are waited for, whatever comes of either: nothing is left unobserved.
            await Task.WhenAll(reading.Frames, reading.Fields).ConfigureAwait(false);
            var fields = await reading.Fields.ConfigureAwait(false);
            if (SessionHash.List(fields) is not { } list || string.Equals(list, reading.List, StringComparison.Ordinal))
            {
                return SessionHash.Read(operation, id, fields, await reading.Frames.ConfigureAwait(false));
            }

            partition.Lists.Note(id, list);
            reading = ReadSession.Start(database, partition, id);
        }
    }
}
