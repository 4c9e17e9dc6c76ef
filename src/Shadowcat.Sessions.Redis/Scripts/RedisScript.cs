using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A script of the folder <c>Scripts</c>, named after its file. It is sent by its hash, and loaded where the server does not have it.</summary>
/// <seealso href="https://redis.io/docs/latest/commands/evalsha/"/>
internal sealed class RedisScript(string name)
{
    /// <summary>The line that stands for the functions that scripts share.</summary>
    private const string Prelude = "-- prelude.lua\n";

    // The overload that takes the text sends SCRIPT LOAD and EVAL once, EVALSHA from then on, and heals NOSCRIPT after a
    // restart. It must not go into a batch, where a healed call never completes.
    private readonly string _text = Shortened(Load(name));

    public Task<RedisResult> EvaluateAsync(IDatabaseAsync database, RedisKey[] keys, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, keys, arguments);

    /// <summary>Sends the script for a reply that is read in place.</summary>
    public Task<RespResult> ReadAsync(IDatabaseAsync database, RedisKey[] keys, RedisValue[] arguments) =>
        // If the client library followed a MOVED by itself, it would send such a command without its arguments, which breaks the connection.
        database.ScriptEvaluateRespAsync(_text, keys, arguments, CommandFlags.NoRedirect);

    internal static string Load(string name)
    {
        var text = Read(name);
        return text.Contains(Prelude, StringComparison.Ordinal) ? text.Replace(Prelude, Read("prelude"), StringComparison.Ordinal) : text;
    }

    /// <summary>The text without indentation, and without comments but for the first line, which says what it is: the client library hashes the whole text at each call.</summary>
    internal static string Shortened(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => line.Trim()).Where(static (line, i) => i == 0 || (line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal))));

    private static string Read(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"Shadowcat.Sessions.Redis.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
