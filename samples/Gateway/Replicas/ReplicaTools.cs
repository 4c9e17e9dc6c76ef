using System.ComponentModel;
using System.Security.Claims;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Gateway.Replicas;

/// <summary>Tools that show where a call is served.</summary>
[McpServerToolType]
internal sealed class ReplicaTools
{
    [McpServerTool(Name = "where"), Description("Says which replica serves the call, for whom, and in which protocol version.")]
    public static string Where(ReplicaName replica, McpServer server, ClaimsPrincipal? user) =>
        $"{replica.Value} serves {user?.FindFirst("sub")?.Value} in {server.NegotiatedProtocolVersion}";

    [McpServerTool(Name = "client"), Description("Says what the server knows of the client.")]
    public static string Client(McpServer server) =>
        $"{server.ClientInfo?.Name}, which {(server.ClientCapabilities?.Elicitation is null ? "cannot" : "can")} ask the user";

    [McpServerTool(Name = "count"), Description("Counts to a number, a step at a time.")]
    public static async Task<string> CountAsync(
        [Description("How far.")] int steps,
        [Description("How long a step takes, in milliseconds.")] int milliseconds,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken)
    {
        for (var step = 1; step <= steps; step++)
        {
            await Task.Delay(milliseconds, cancellationToken);
            progress.Report(new ProgressNotificationValue { Progress = step, Total = steps });
        }

        return $"counted to {steps}";
    }
}
