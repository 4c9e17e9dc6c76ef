using System.Globalization;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Comes to an agreement with the server about version and layout before the first command, and refuses what would break a promise.</summary>
internal sealed class LayoutAgreement(RedisSessionStoreOptions options)
{
    /// <summary>Enough that each of some dozen primaries gets about as many.</summary>
    public const int DefaultPartitionsOnCluster = 256;

    /// <summary>HSET of several fields, ZADD options and script effects as the scripts use them; ACLs; RESP3.</summary>
    private static readonly Version Floor = new(6, 0);

    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(20);

    /// <summary>How much of the operation timeout the reason for a refused connection may take to come: two failed handshakes, which take a third each at most, and some time for a busy machine.</summary>
    private const double PatienceForTheReason = 0.8;

    private static readonly RedisScript Script = new("agree-on-layout");

    private RedisLayout? _agreed;

    /// <summary>Reads the layout record, writing it where there is none yet. Once it was agreed on, it stays what it was, or the store does not work.</summary>
    /// <exception cref="SessionStoreConfigurationException">The server is too old or behind a proxy, or its layout disagrees with the options or with what it was.</exception>
    public async Task<RedisLayout> ReachAsync(IConnectionMultiplexer connection)
    {
        if (Volatile.Read(ref _agreed) is { } agreed)
        {
            await ConfirmAsync(connection, agreed).ConfigureAwait(false);
            return agreed;
        }

        if (RedisProxies.Refusal(connection) is { } refusal)
        {
            throw Disagreement(refusal);
        }

        var servers = connection.GetServers().Where(server => server is { IsConnected: true, ServerType: not ServerType.Sentinel }).ToList();
        if (servers.Find(server => server.Version < Floor) is { } old)
        {
            throw Disagreement($"the server is Redis {old.Version}; {Floor} or newer is needed.");
        }

        var wanted = options.Partitions ?? (servers.Exists(server => server.ServerType == ServerType.Cluster) ? DefaultPartitionsOnCluster : 1);
        var reply = await EvaluateAsync(
            connection.GetDatabase(),
            [RedisLayout.RecordKey(options.KeyPrefix)],
            [RedisLayout.Schema, wanted, string.Join(',', PartitionTags.Choose(options.KeyPrefix, wanted))]).ConfigureAwait(false);
        var layout = Read(reply[0], reply[1], reply[2]);
        return Interlocked.CompareExchange(ref _agreed, layout, null) ?? layout;
    }

    /// <summary>Sees to it that the record still says what was agreed on. Where it is gone, as after FLUSHALL, it is written anew, before another process writes another one.</summary>
    /// <returns>Whether it was gone.</returns>
    /// <exception cref="SessionStoreConfigurationException">It says something else.</exception>
    public async Task<bool> ConfirmAsync(IConnectionMultiplexer connection, RedisLayout agreed)
    {
        var reply = await EvaluateAsync(
            connection.GetDatabase(), [RedisLayout.RecordKey(options.KeyPrefix)], [RedisLayout.Schema, agreed.Partitions.Count, agreed.Tags]).ConfigureAwait(false);
        return agreed.IsRecordedBy(reply[..3])
            ? reply[3] == 1
            : throw Disagreement("the layout record has changed since this store connected: it would look for sessions where others do not keep them. Restart it, with the same options everywhere.");
    }

    /// <summary>Where the first try to connect failed, the client library may say only after another one why (credentials, say): it is given time for that.</summary>
    private async Task<RedisValue[]> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return (RedisValue[])(await Script.EvaluateAsync(database, keys, arguments).ConfigureAwait(false))!;
            }
            catch (RedisConnectionException exception)
                when (!ConnectionFaults.SaysWhy(exception) && TimeProvider.System.GetElapsedTime(begun) < options.OperationTimeout * PatienceForTheReason)
            {
                await Task.Delay(PauseBetweenTries, TimeProvider.System).ConfigureAwait(false);
            }
        }
    }

    private RedisLayout Read(RedisValue schema, RedisValue partitions, RedisValue tags)
    {
        if (schema != RedisLayout.Schema)
        {
            throw Disagreement($"the layout record says schema '{schema}'; this version of the library reads schema {RedisLayout.Schema}.");
        }

        var numbers = tags.ToString().Split(',');
        var parsed = numbers.Select(tag => int.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        if (parsed.Contains(-1) || partitions != parsed.Length)
        {
            throw Disagreement("the layout record is damaged: its tags are no list of as many numbers as it has partitions.");
        }

        return options.Partitions is { } asked && asked != parsed.Length
            ? throw Disagreement(
                $"{nameof(RedisSessionStoreOptions)}.{nameof(options.Partitions)} is {asked}, but the sessions under the prefix '{options.KeyPrefix}' are laid out over {parsed.Length}.")
            : new RedisLayout(options.KeyPrefix, parsed, options.PublishChanges);
    }

    private static SessionStoreConfigurationException Disagreement(string message) => new(Operations.Connect, null, message);
}
