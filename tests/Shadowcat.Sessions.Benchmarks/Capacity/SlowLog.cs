using Shadowcat.Sessions.Benchmarks.Reporting;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.Capacity;

/// <summary>The server's log of commands that took longer than two milliseconds.</summary>
/// <seealso href="https://redis.io/docs/latest/commands/slowlog-get/"/>
internal sealed class SlowLog(IServer server)
{
    private const int Entries = 10_000;

    private const string OwnCommand = "SLOWLOG";

    private const string ScriptFolder = "Shadowcat.Sessions.Redis.Scripts.";

    private const string ScriptExtension = ".lua";

    /// <summary>What takes less is not logged: at a million of fast commands the log would cost more than they do.</summary>
    private static readonly TimeSpan Threshold = TimeSpan.FromMilliseconds(2);

    /// <summary>The names of the scripts by their hashes.</summary>
    private readonly Dictionary<string, string> _scripts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Has the server log, and asks it for the hashes of the scripts.</summary>
    public async Task EnableAsync()
    {
        foreach (var resource in typeof(RedisScript).Assembly.GetManifestResourceNames().Where(static resource => resource.StartsWith(ScriptFolder, StringComparison.Ordinal)))
        {
            var name = resource[ScriptFolder.Length..^ScriptExtension.Length];
            _scripts[Convert.ToHexString(await server.ScriptLoadAsync(RedisScript.Shortened(RedisScript.Load(name))))] = name;
        }

        await server.ConfigSetAsync("slowlog-max-len", Entries);
        await server.ConfigSetAsync("slowlog-log-slower-than", (long)Threshold.TotalMicroseconds);
        await server.SlowlogResetAsync();
    }

    /// <summary>The longest command since the last call, as people read it. The memory of the log is free then.</summary>
    public async Task<string> TakeLongestAsync()
    {
        var entries = await server.SlowlogGetAsync(Entries);
        await server.SlowlogResetAsync();
        var longest = entries.Where(static entry => entry.Arguments[0] != OwnCommand).MaxBy(static entry => entry.Duration);
        var forgotten = entries.Length == Entries ? " or more" : "";
        return longest is null ? $"< {Numbers.Duration(Threshold.TotalMilliseconds)}" : $"{NameOf(longest.Arguments)} {Numbers.Duration(longest.Duration.TotalMilliseconds)}{forgotten}";
    }

    private string NameOf(RedisValue[] command) =>
        command.Length > 1 && _scripts.TryGetValue(command[1].ToString(), out var script) ? script : command[0].ToString();
}
