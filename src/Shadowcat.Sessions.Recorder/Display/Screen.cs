using System.Globalization;
using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Where tables are written: the terminal, or a file or pipe without colours and as wide as a table wants to be.</summary>
internal static class Screen
{
    private const int WidthOfFile = 160;

    public static IAnsiConsole Open()
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(StandardOutput.OpenText()) });
        if (StandardOutput.IsRedirected)
        {
            screen.Profile.Capabilities.Ansi = false;
            screen.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
            screen.Profile.Width = int.TryParse(EnvironmentVariable.Get("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0
                ? columns
                : WidthOfFile;
        }

        return screen;
    }
}
