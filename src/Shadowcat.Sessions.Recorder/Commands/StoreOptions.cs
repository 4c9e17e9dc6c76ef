using System.CommandLine;
using System.CommandLine.Parsing;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>Says where sessions are kept. An option goes before the environment, and without both it is a file of the user.</summary>
internal static class StoreOptions
{
    /// <summary>Gives a command the options, and refuses to run it where they name two stores.</summary>
    public static Func<ParseResult, StoreLocation> AddTo(Command command)
    {
        // The environment is no default value of an option, for the help would show it, with its password.
        var file = new Option<string?>("--store")
        {
            Description = $"The file that keeps the sessions; else the environment variable {StoreLocation.FileVariable} names it; else it is sessions.db in the folder shadowcat of the user's data.",
            HelpName = "file",
        };
        var redis = new Option<string?>("--redis")
        {
            Description = $"A Redis server that keeps them instead, for example localhost:6379; else the environment variable {StoreLocation.RedisVariable} names it, which keeps a password out of the list of processes.",
            HelpName = "connection",
        };
        var keyPrefix = new Option<string?>("--key-prefix")
        {
            Description = $"What the keys in Redis begin with, shadowcat where it is left out; else the environment variable {StoreLocation.KeyPrefixVariable} says it.",
            HelpName = "prefix",
        };
        command.Options.Add(file);
        command.Options.Add(redis);
        command.Options.Add(keyPrefix);
        command.Validators.Add(Check);
        return result => Choose(result.GetValue(file), result.GetValue(redis), result.GetValue(keyPrefix));

        void Check(CommandResult result)
        {
            var location = Choose(result.GetValue(file), result.GetValue(redis), result.GetValue(keyPrefix));
            if (location is { Redis: not null, File: not null })
            {
                result.AddError($"Name one store: either --store (or {StoreLocation.FileVariable}), or --redis (or {StoreLocation.RedisVariable}).");
            }
            else if (location is { Redis: null, File: null })
            {
                result.AddError("The system keeps no folder for this user's data: give --store <file> or --redis <connection>.");
            }
            else if (location.Redis is null && result.GetValue(keyPrefix) is not null)
            {
                result.AddError("'--key-prefix' is of keys in Redis: give --redis <connection> with it.");
            }
        }
    }

    private static StoreLocation Choose(string? file, string? redis, string? keyPrefix)
    {
        if (file is null && redis is null)
        {
            (file, redis) = (EnvironmentVariable.Get(StoreLocation.FileVariable), EnvironmentVariable.Get(StoreLocation.RedisVariable));
        }

        file ??= redis is null ? StoreLocation.FileOfUser : null;
        return new StoreLocation(redis, keyPrefix ?? EnvironmentVariable.Get(StoreLocation.KeyPrefixVariable), file is null ? null : Path.GetFullPath(file));
    }
}
