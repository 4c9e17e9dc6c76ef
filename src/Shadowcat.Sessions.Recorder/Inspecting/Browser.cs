using System.ComponentModel;
using System.Diagnostics;

namespace Shadowcat.Sessions.Recorder.Inspecting;

/// <summary>The browser of the user.</summary>
internal static class Browser
{
    /// <summary>Opens an address, where there is a browser.</summary>
    /// <returns>False where there is none, as far as can be known.</returns>
    public static bool TryOpen(Uri address)
    {
        // Without a display, what opens addresses may start a browser in the terminal instead.
        if (!OperatingSystem.IsWindows() && !OperatingSystem.IsMacOS() && !HasDisplay)
        {
            return false;
        }

        try
        {
            using var process = Process.Start(OperatingSystem.IsWindows() ? new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true } : Quiet(OperatingSystem.IsMacOS() ? "open" : "xdg-open", address));
            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException)
        {
            return false;
        }
    }

    private static bool HasDisplay => Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };

    /// <summary>It writes into pipes that nobody reads, and not into the terminal.</summary>
    private static ProcessStartInfo Quiet(string command, Uri address) => new(command, [address.AbsoluteUri])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
