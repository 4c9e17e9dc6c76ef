using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>A change of a configuration before it is made: what becomes of each server, and of each line.</summary>
internal static class ChangeText
{
    public static void Write(IAnsiConsole screen, ConfigurationChange change)
    {
        WriteLine(screen, change.File.Path, new Style(decoration: Decoration.Bold));
        var width = change.Servers.Max(static server => SafeText.Of(server.Server).GetCellWidth());
        foreach (var server in change.Servers)
        {
            var name = SafeText.Of(server.Server);
            WriteLine(screen, $"  {name}{new string(' ', width - name.GetCellWidth())}  {server.Outcome}", Style.Plain);
        }

        foreach (var line in change.Lines())
        {
            WriteLine(screen, SafeText.Of(line), line[0] switch { '-' => new Style(Color.Red), '+' => new Style(Color.Green), _ => new Style(Color.Blue) });
        }
    }

    /// <summary>A line as it is: in a file or pipe nothing breaks it.</summary>
    private static void WriteLine(IAnsiConsole screen, string line, Style style)
    {
        if (screen.Profile.Capabilities.Ansi)
        {
            screen.Write(new Text(line, style));
            screen.WriteLine();
        }
        else
        {
            screen.Profile.Out.Writer.WriteLine(line);
        }
    }
}
