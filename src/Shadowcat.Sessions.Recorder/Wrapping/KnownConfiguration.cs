namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>A configuration that a client keeps at a place of its own.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Path">Where it is.</param>
internal sealed record KnownConfiguration(string Name, string Path)
{
    /// <summary>The folder of Linux, Windows and macOS for the settings of a user's programs.</summary>
    private static string Settings => Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>The configurations of this user, and those of the current folder.</summary>
    /// <seealso href="https://modelcontextprotocol.io/docs/develop/connect-local-servers"/>
    /// <seealso href="https://code.visualstudio.com/docs/copilot/customization/mcp-servers"/>
    /// <seealso href="https://cursor.com/docs/context/mcp"/>
    public static IReadOnlyList<KnownConfiguration> All =>
    [
        new("claude-desktop", System.IO.Path.Combine(Settings, "Claude", "claude_desktop_config.json")),
        new("vscode", System.IO.Path.Combine(Settings, "Code", "User", "mcp.json")),
        new("vscode-workspace", System.IO.Path.GetFullPath(System.IO.Path.Combine(".vscode", "mcp.json"))),
        new("cursor", System.IO.Path.Combine(Home, ".cursor", "mcp.json")),
        new("cursor-workspace", System.IO.Path.GetFullPath(System.IO.Path.Combine(".cursor", "mcp.json"))),
    ];

    /// <summary>The files that a command line names, by a name or by a path; all of the known ones that exist where it names none.</summary>
    /// <exception cref="ClientConfigurationException">There is none.</exception>
    public static IReadOnlyList<string> Choose(IReadOnlyCollection<string> named)
    {
        if (named.Count > 0)
        {
            return [.. named.Select(static name => All.FirstOrDefault(known => known.Name == name)?.Path ?? System.IO.Path.GetFullPath(name)).Distinct(StringComparer.Ordinal)];
        }

        // The current folder may be the user's own.
        string[] found = [.. All.Select(static known => known.Path).Where(File.Exists).Distinct(StringComparer.Ordinal)];
        return found.Length > 0
            ? found
            : throw new ClientConfigurationException($"no configuration of a known client is there; give the path of one. Looked for: {string.Join(", ", All.Select(static known => known.Path).Distinct(StringComparer.Ordinal))}");
    }
}
