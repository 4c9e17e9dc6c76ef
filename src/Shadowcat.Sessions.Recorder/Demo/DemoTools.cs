using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Recorder.Demo;

/// <summary>What the server of the demonstration can do.</summary>
[McpServerToolType]
internal sealed class DemoTools
{
    [McpServerTool(Name = "echo"), Description("Says what it was given.")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "add"), Description("Adds two numbers.")]
    public static double Add(double a, double b) => a + b;

    [McpServerTool(Name = "count_down"), Description("Takes its time and reports progress.")]
    public static async Task<string> CountDown(IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken, int steps = 3)
    {
        for (var step = 1; step <= steps; step++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            progress.Report(new ProgressNotificationValue { Progress = step, Total = steps, Message = $"{steps - step} to go" });
        }

        return "lift-off";
    }

    [McpServerTool(Name = "fail"), Description("Always fails.")]
    public static string Fail() => throw new McpException("this tool always fails");
}
