namespace Shadowcat.Sessions.Tests.House;

/// <summary>Where the sources are that the tests were built from. The compiler's paths would not do: a deterministic build makes them up.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "Shadowcat.Sessions.sln"))
        ? folder.FullName
        : Find(folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run below the folder of the solution."));
}
