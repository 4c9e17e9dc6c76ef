using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds out, before anything else is sent, which commands the servers do not run for the account: a script that is refused a command halfway would be carried out half.</summary>
/// <remarks>
/// One round trip: a script for each primary, which also asks for its memory policy, and beside it the commands that the store sends itself. Each command is sent in a form that changes nothing, needs only the
/// right to the command, and is answered by every version. COMMAND, ACL and CONFIG would answer that too, but are often the first that are taken from an account.
/// </remarks>
internal static class CommandCheck
{
    /// <returns>What was found. An account that lacks only writing commands may read.</returns>
    /// <exception cref="SessionStoreConfigurationException">Commands are missing that reading needs.</exception>
    public static async Task<ServerFindings> RunAsync(IConnectionMultiplexer connection, RedisLayout layout, ILogger logger)
    {
        var database = connection.GetDatabase();
        var outcomes = await Task.WhenAll(
            PrimaryPartitions.OneOfEach(layout, connection).Select(partition => OutcomeAsync(database, partition, logger))).ConfigureAwait(false);

        // One primary of a cluster may be down: the calls that need it fail by themselves.
        var faults = Array.ConvertAll(outcomes, static outcome => outcome.Fault);
        if ((Array.Find(faults, static fault => fault is SessionStoreException) ?? (Array.TrueForAll(faults, static fault => fault is not null) ? faults[0] : null)) is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return new ServerFindings(
            Array.Find(outcomes, static outcome => outcome.Found.WritesRefused is not null).Found.WritesRefused, Array.Exists(outcomes, static outcome => outcome.Found.Evicts));
    }

    private static async Task<(ServerFindings Found, Exception? Fault)> OutcomeAsync(IDatabase database, RedisPartition partition, ILogger logger)
    {
        try
        {
            return (await CheckAsync(database, partition, logger).ConfigureAwait(false), null);
        }
        catch (Exception exception) when (exception is SessionStoreException || RedisFaults.IsFault(exception))
        {
            return (default, exception);
        }
    }

    private static async Task<ServerFindings> CheckAsync(IDatabase database, RedisPartition partition, ILogger logger)
    {
        var scripted = ProbePartition.TryCommandsAsync(database, partition);
        var direct = await Task.WhenAll(StoreCommands.TriedDirectly.Select(command => TryAsync(database, partition, command))).ConfigureAwait(false);
        var (policy, refused) = await scripted.ConfigureAwait(false);
        var errors = refused.Concat(direct.OfType<(string Command, string Error)>()).ToList();
        var missing = MissingCommands.Of(errors);
        if (missing is not null && IsOnly(["EVALSHA"], errors) && await TryAsync(database, partition, "SCRIPT LOAD return").ConfigureAwait(false) is { } script
            && RedisError.Parse(script.Error).IsCommandMissing)
        {
            // Scripts are sent with their text then.
            missing = null;
        }

        if (missing is not null && !IsOnly(StoreCommands.Writing, errors))
        {
            throw missing;
        }

        await MemoryPolicy.ReportAsync(database, partition, policy, logger).ConfigureAwait(false);
        return new ServerFindings(missing, MemoryPolicy.Evicts(policy));
    }

    private static bool IsOnly(string[] commands, List<(string Command, string Error)> errors) => errors
        .Where(static error => RedisError.Parse(error.Error) is { IsCommandMissing: true } or { IsAboutChannel: true } or { IsAboutKey: true })
        .All(error => commands.Contains(error.Command, StringComparer.Ordinal));

    /// <returns>The command and its error, of the server or the client library; null where there was none.</returns>
    private static async Task<(string Command, string Error)?> TryAsync(IDatabase database, RedisPartition partition, string command)
    {
        var words = command.Split(' ');
        try
        {
            await database.ExecuteAsync(words[0], [.. words.Skip(1).Select(word => word == "@" ? (object)partition.Probe : word)]).ConfigureAwait(false);
            return null;
        }
        catch (RedisServerException exception)
        {
            return (words[0], exception.Message);
        }
        catch (RedisCommandException exception) when (ConnectionFaults.Disabled(exception) is not null)
        {
            return (words[0], $"ERR unknown command '{words[0]}' in the command map");
        }
    }
}
