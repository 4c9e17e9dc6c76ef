using System.Globalization;

namespace Shadowcat.Sessions.Servers;

/// <summary>A server whose wall clock can be moved: <c>libfaketime</c> stands between it and the system. Nobody else sees anything of it.</summary>
/// <remarks>
/// The allocator that Debian's server uses asks for the time before libfaketime is ready, and both wait for each other: so the allocator of the C library goes in front.
/// </remarks>
/// <seealso href="https://github.com/wolfcw/libfaketime"/>
public sealed class ClockedRedis : IAsyncDisposable
{
    private static readonly TimeSpan Accuracy = TimeSpan.FromSeconds(10);

    private static readonly string? Allocator = Find("libc_malloc_debug.so.0");
    private static readonly string? Library = Find("libfaketimeMT.so.1");

    private readonly DirectoryInfo _folder;

    private ClockedRedis(RedisProcess server, DirectoryInfo folder) => (Server, _folder) = (server, folder);

    /// <summary>Why no such server can be started here; null where it can.</summary>
    public static string? Hindrance =>
        Library is null ? "there is no libfaketimeMT.so.1 (the package faketime of Debian has it)"
        : Allocator is null ? "there is no libc_malloc_debug.so.0 (glibc 2.34 and newer have it)"
        : null;

    public RedisProcess Server { get; }

    private string OffsetPath => Path.Combine(_folder.FullName, "offset");

    /// <summary>Starts a server that shows the true time.</summary>
    public static async Task<ClockedRedis> LaunchAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("shadowcat-clock-");
        var offset = Path.Combine(folder.FullName, "offset");
        await File.WriteAllTextAsync(offset, "+0");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = $"{Allocator}:{Library}",
            ["FAKETIME_TIMESTAMP_FILE"] = offset,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        };
        var before = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable, StringComparer.Ordinal);
        try
        {
            // What this process has in its environment, the server inherits; this process itself looks at none of it any more.
            Set(environment);
            return new ClockedRedis(await RedisProcess.LaunchAsync(arguments), folder);
        }
        finally
        {
            Set(before);
        }
    }

    /// <summary>Sets the server's clock so far from the true time, and waits until it shows that.</summary>
    public async Task MoveAsync(TimeSpan offset)
    {
        // Replaced as a whole: the server reads it at every look at the clock.
        var next = OffsetPath + ".next";
        await File.WriteAllTextAsync(next, string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}"));
        File.Move(next, OffsetPath, overwrite: true);
        await Poll.UntilAsync(async () => (await TimeAsync() - DateTimeOffset.UtcNow - offset).Duration() < Accuracy, $"the server's clock is moved by {offset}");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static void Set(IEnumerable<KeyValuePair<string, string?>> environment)
    {
        foreach (var (name, value) in environment)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static string? Find(string library) =>
        ((string[])["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"])
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root).Prepend(root))
            .SelectMany(folder => (string[])[Path.Combine(folder, library), Path.Combine(folder, "faketime", library)])
            .FirstOrDefault(File.Exists);

    private async Task<DateTimeOffset> TimeAsync() =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse((await Server.CommandAsync("TIME")).Split('\n')[0], CultureInfo.InvariantCulture));
}
