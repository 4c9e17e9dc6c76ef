using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Conversations;

/// <summary>The tools that the clients of npm call.</summary>
[McpServerToolType]
internal sealed class EchoTools
{
    [McpServerTool(Name = "echo")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "count")]
    public static int Count(int steps, IProgress<ProgressNotificationValue> progress)
    {
        for (var step = 1; step <= steps; step++)
        {
            progress.Report(new ProgressNotificationValue { Progress = step, Total = steps });
        }

        return steps;
    }
}
