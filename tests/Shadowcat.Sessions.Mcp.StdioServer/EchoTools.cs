using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp.StdioServer;

/// <summary>What the servers under test can do.</summary>
[McpServerToolType]
public sealed class EchoTools
{
    [McpServerTool(Name = "echo"), Description("Says what it is told.")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "count"), Description("Counts, and tells how far it is.")]
    public static string Count(int steps, IProgress<ProgressNotificationValue> progress)
    {
        for (var step = 1; step <= steps; step++)
        {
            progress.Report(new ProgressNotificationValue { Progress = step, Total = steps });
        }

        return $"{steps}";
    }
}
