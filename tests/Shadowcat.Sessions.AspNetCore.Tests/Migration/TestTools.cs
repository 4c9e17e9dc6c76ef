using System.Security.Claims;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>Tools that show what a server knows of a session, and that answer in more than one event.</summary>
[McpServerToolType]
internal sealed class TestTools
{
    [McpServerTool(Name = "known")]
    public static string Known(McpServer server, ClaimsPrincipal? user) =>
        $"{user?.FindFirst("sub")?.Value} {server.ClientInfo?.Name} {server.NegotiatedProtocolVersion} {(server.ClientCapabilities?.Elicitation is null ? "-" : "elicitation")}";

    /// <summary>Reports a step, waits until it is let go on, and reports another.</summary>
    [McpServerTool(Name = "steps")]
    public static async Task<string> StepsAsync(StepGate gate, IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        progress.Report(new ProgressNotificationValue { Progress = 1, Total = 2 });
        await gate.WaitAsync(cancellationToken);
        progress.Report(new ProgressNotificationValue { Progress = 2, Total = 2 });
        return "done";
    }

    /// <summary>Ends the response, so that the client has to come for the rest.</summary>
    [McpServerTool(Name = "later")]
    public static async Task<string> LaterAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        await context.EnablePollingAsync(TimeSpan.FromMilliseconds(100), cancellationToken);
        return "here it is";
    }

    /// <summary>Ends the response, and answers only when it is let go on.</summary>
    [McpServerTool(Name = "much-later")]
    public static async Task<string> MuchLaterAsync(RequestContext<CallToolRequestParams> context, StepGate gate, CancellationToken cancellationToken)
    {
        await context.EnablePollingAsync(TimeSpan.FromMilliseconds(100), cancellationToken);
        await gate.WaitAsync(cancellationToken);
        return "here it is";
    }
}
