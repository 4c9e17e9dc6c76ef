using System.Globalization;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Agrees with the server on version and layout before the first command, and refuses what would break a promise.</summary>
internal sealed class LayoutAgreement(RedisSessionStoreOptions options)
{
    /// <summary>Enough that a dozen primaries get about the same number each.</summary>
    public const int DefaultPartitionsOnCluster = 256;

    /// <summary>HSET of several fields, ZADD options and script effects as the scripts use them; ACLs; RESP3.</summary>
    private static readonly Version Floor = new(6, 0);

    /// <summary>How much of the operation timeout may pass until the reason for a refused connection is known: two failed handshakes, which take a third each at most, and some time for a busy machine.</summary>
    private const double TimeForReason = 0.8;

    private static readonly RedisScript Script = new("agree-on-layout");

    private RedisLayout? _agreed;

    /// <summary>Reads the layout record, and writes it where there is none yet. Once agreed on, the layout has to stay the same, or the store stops.</summary>
    /// <exception cref="SessionStoreConfigurationException">The server is too old or behind a proxy, or its layout differs from the options or from what was agreed on.</exception>
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

    /// <summary>Checks that the record still says what was agreed on. Where it is missing, as after FLUSHALL, it is written again, before another process writes another one.</summary>
    /// <returns>Whether it was missing.</returns>
    /// <exception cref="SessionStoreConfigurationException">It says something else.</exception>
    public async Task<bool> ConfirmAsync(IConnectionMultiplexer connection, RedisLayout agreed)
    {
        var reply = await EvaluateAsync(
            connection.GetDatabase(), [RedisLayout.RecordKey(options.KeyPrefix)], [RedisLayout.Schema, agreed.Partitions.Count, agreed.Tags]).ConfigureAwait(false);
        return agreed.IsRecordedBy(reply[..3])
            ? reply[3] == 1
            : throw Disagreement("the layout record has changed since this store connected, and other processes keep sessions in other keys. Restart the process, with the same options everywhere.");
    }

    private Task<RedisValue[]> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) => ReasonRetry.RunAsync(
        async () => (RedisValue[])(await Script.EvaluateAsync(database, keys, arguments).ConfigureAwait(false))!, options.OperationTimeout * TimeForReason);

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
            throw Disagreement("the layout record is damaged: its tags must be a list of numbers, one for each partition.");
        }

        return options.Partitions is { } asked && asked != parsed.Length
            ? throw Disagreement(
                $"{nameof(RedisSessionStoreOptions)}.{nameof(options.Partitions)} is {asked}, but the sessions under the prefix '{options.KeyPrefix}' are laid out over {parsed.Length}.")
            : new RedisLayout(options.KeyPrefix, parsed, options.PublishChanges);
    }

    private static SessionStoreConfigurationException Disagreement(string message) => new(Operations.Connect, null, message);
}
