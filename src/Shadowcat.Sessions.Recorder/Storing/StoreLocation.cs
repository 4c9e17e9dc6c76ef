namespace Shadowcat.Sessions.Recorder.Storing;

/// <summary>Where sessions are kept: in Redis, or in a file of this machine.</summary>
/// <param name="Redis">The connection of a Redis server; null for a file.</param>
/// <param name="KeyPrefix">What keys in Redis begin with; null for what a store takes by default.</param>
/// <param name="File">The file; null for Redis.</param>
internal sealed record StoreLocation(string? Redis, string? KeyPrefix, string? File)
{
    /// <summary>Names the Redis server where no option names a store. A connection may hold a password, which every user of the machine can read in the arguments of a process.</summary>
    public const string RedisVariable = "SHADOWCAT_REDIS";

    /// <summary>Names what keys in Redis begin with, where no option does.</summary>
    public const string KeyPrefixVariable = "SHADOWCAT_KEY_PREFIX";

    /// <summary>Names the file where no option names a store.</summary>
    public const string FileVariable = "SHADOWCAT_STORE";

    /// <summary>What hands this location to another recorder, and keeps it from the arguments.</summary>
    public Dictionary<string, string?> Variables => new(StringComparer.Ordinal)
    {
        [RedisVariable] = Redis,
        [KeyPrefixVariable] = KeyPrefix,
        [FileVariable] = File,
    };

    /// <summary>The file in the folder that the system keeps for the data of this user's programs; null where it keeps none.</summary>
    public static string? FileOfUser =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? Path.Combine(folder, "shadowcat", "sessions.db")
            : null;

    /// <summary>The store in words.</summary>
    public override string ToString() => File ?? "the given Redis";
}
