using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds out by <c>probe-partition.lua</c> whether the server of a partition runs every command of the scripts for the account, and accepts writes.</summary>
internal static class ProbePartition
{
    private static readonly RedisScript Script = new("probe-partition");

    /// <summary>Writes, and leaves nothing.</summary>
    /// <returns>The memory policy of the server; empty where it does not report it.</returns>
    /// <exception cref="SessionStoreConfigurationException">Commands are missing.</exception>
    /// <exception cref="RedisServerException">The server accepts no writes.</exception>
    public static async Task<string> RunAsync(IDatabase database, RedisPartition partition)
    {
        var reply = await EvaluateAsync(database, partition, isToWrite: true).ConfigureAwait(false);
        var errors = Errors(reply).ToList();
        if (MissingCommands.Of(errors.Select(static error => (error.Command is "" ? "SET" : error.Command, error.Error))) is { } missing)
        {
            throw missing;
        }

        return (string?)reply[0] is "written"
            ? (string)reply[1]!
            : throw Greeting.Error((errors.Find(static error => error.Command is "") is { Error.Length: > 0 } refused ? refused : errors[0]).Error);
    }

    /// <summary>The memory policy of the server, and the commands that it answered with an error.</summary>
    public static async Task<(string Policy, IReadOnlyList<(string Command, string Error)> Errors)> TryCommandsAsync(IDatabase database, RedisPartition partition)
    {
        var reply = await EvaluateAsync(database, partition, isToWrite: false).ConfigureAwait(false);
        return ((string)reply[1]!, [.. Errors(reply)]);
    }

    private static async Task<RedisResult> EvaluateAsync(IDatabase database, RedisPartition partition, bool isToWrite) => await Script.EvaluateAsync(
        database, [partition.Probe], [isToWrite ? 1 : 0, partition.Changes, .. StoreCommands.Tried.Select(static command => (RedisValue)command)]).ConfigureAwait(false);

    private static IEnumerable<(string Command, string Error)> Errors(RedisResult reply)
    {
        for (var i = 2; i + 1 < reply.Length; i += 2)
        {
            var command = (int)reply[i] switch
            {
                -1 => "",
                0 => "PUBLISH",
                var place => StoreCommands.NameOf(StoreCommands.Tried[place - 1]),
            };
            yield return (command, (string)reply[i + 1]!);
        }
    }
}
