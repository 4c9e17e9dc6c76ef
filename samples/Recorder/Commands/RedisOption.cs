using System.CommandLine;

namespace Recorder.Commands;

/// <summary>Names the Redis server that keeps the records.</summary>
internal static class RedisOption
{
    /// <summary>Names it where the option does not.</summary>
    public const string Variable = "SHADOWCAT_REDIS";

    /// <summary>An option that may be left out.</summary>
    public static Option<string?> Optional(string description) => new("--redis") { Description = description, HelpName = "connection" };

    /// <summary>Gives a command the option, and refuses to run it where neither the option nor the environment names a server.</summary>
    public static Func<ParseResult, string> AddTo(Command command)
    {
        // The environment is no default value of the option, for the help would show it, with its password.
        var option = Optional($"The Redis server, for example localhost:6379; else the environment variable {Variable} names it.");
        command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValue(option) ?? FromEnvironment()))
            {
                result.AddError($"""
                    '{command.Name}' needs a Redis server that keeps the records: give --redis <connection>, or set {Variable}.
                    The demonstration ('demo', or no argument at all) brings its own.
                    """);
            }
        });
        return result => result.GetValue(option) ?? FromEnvironment()!;
    }

    private static string? FromEnvironment() => Environment.GetEnvironmentVariable(Variable);
}
