namespace Shadowcat.Sessions.Redis;

/// <summary>Names the commands that a server does not run for the account, and what to do about it.</summary>
internal static class MissingCommands
{
    /// <summary>Makes the exception from the answers to commands; null where none is missing. Any other error is left to the calls that get it.</summary>
    public static SessionStoreConfigurationException? Of(IEnumerable<(string Command, string Error)> answers)
    {
        var errors = answers.Select(static answer => (answer.Command, Error: RedisError.Parse(answer.Error))).ToList();
        var forbidden = Names(errors.Where(static answer => answer.Error is { Code: RedisError.NotPermitted, IsCommandMissing: true }));
        var unknown = Names(errors.Where(static answer => answer.Error.Code == RedisError.UnknownCommand));
        if (forbidden.Count + unknown.Count == 0)
        {
            return errors.Find(static answer => answer.Error.IsAboutChannel || answer.Error.IsAboutKey) is { Command: not null } reach
                ? new SessionStoreConfigurationException(Operations.Connect, null, RedisFaults.Refusal(reach.Error, "the server")!)
                : null;
        }

        var said = new List<string>();
        if (forbidden.Count > 0)
        {
            said.Add($"the server does not permit the account to run {string.Join(", ", forbidden)} (NOPERM), which the store needs; ACL SETUSER grants them with {string.Join(' ', forbidden.Select(static name => "+" + name.ToLowerInvariant()))}.");
        }

        if (unknown.Count > 0)
        {
            said.Add($"the server does not have {string.Join(", ", unknown)}, or has them under other names, which scripts cannot use; the store needs them.");
        }

        if (forbidden.Contains("EVALSHA", StringComparer.Ordinal) || unknown.Contains("EVALSHA", StringComparer.Ordinal))
        {
            said.Add("Without EVALSHA, $SCRIPT= in the configuration has scripts sent with their text, by EVAL.");
        }

        return new SessionStoreConfigurationException(Operations.Connect, null, string.Join(' ', said));
    }

    private static List<string> Names(IEnumerable<(string Command, RedisError Error)> answers) =>
        [.. answers.Select(static answer => answer.Command).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
