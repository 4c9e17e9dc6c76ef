using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Snapshots;

/// <summary>The stored forms of every format version ever written, as committed beside this file.</summary>
/// <remarks>A missing file is written when <c>SHADOWCAT_WRITE_SNAPSHOTS</c> is set; one that is there is never changed.</remarks>
internal static class SnapshotFiles
{
    public static byte[] Read(string name, Func<byte[]> current)
    {
        var path = Path.Combine(Folder(), name);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("SHADOWCAT_WRITE_SNAPSHOTS") is { Length: > 0 })
        {
            File.WriteAllBytes(path, current());
        }

        return File.ReadAllBytes(path);
    }

    public static IEnumerable<string> Names(string pattern) => Directory.EnumerateFiles(Folder(), pattern).Select(path => Path.GetFileName(path));

    private static string Folder() => Path.Combine(Repository.Root, "tests", "Shadowcat.Sessions.Tests", "Snapshots");
}
