using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Tests;

/// <summary>Where tests keep their files: in memory where there is room, because no test judges a disk, and waiting for one is most of what the suites of stores in files do.</summary>
internal static class TemporaryFolder
{
    private const string InMemory = "/dev/shm";
    private const long NeededBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>Sets the folder for this process and those that it starts, unless the environment has chosen one.</summary>
    [ModuleInitializer]
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("TMPDIR") is null && HasRoom())
        {
            Environment.SetEnvironmentVariable("TMPDIR", InMemory);
        }
    }

    private static bool HasRoom()
    {
        try
        {
            return Directory.Exists(InMemory) && new DriveInfo(InMemory) is { DriveFormat: "tmpfs", AvailableFreeSpace: >= NeededBytes };
        }
        catch (IOException)
        {
            return false;
        }
    }
}
