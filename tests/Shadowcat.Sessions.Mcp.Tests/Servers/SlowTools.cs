using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>A tool that answers when a test says so, whether anybody still wants the answer or not.</summary>
[McpServerToolType]
internal sealed class SlowTools(SlowTools.Gate gate)
{
    /// <summary>What a talkative tool says.</summary>
    public const string LateMethod = "notifications/late";

    [McpServerTool(Name = "slow")]
    public async Task<string> SlowAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(gate.Cancelled.SetResult);
        gate.Entered.SetResult();
        await gate.Open.Task;
        return "late";
    }

    /// <summary>As the other one, and says something before it answers.</summary>
    [McpServerTool(Name = "talkative")]
    public async Task<string> SaySomethingAsync(McpServer server, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(gate.Cancelled.SetResult);
        gate.Entered.SetResult();
        await gate.Open.Task;
        await server.SendNotificationAsync(LateMethod, CancellationToken.None);
        return "late";
    }

    /// <summary>Holds the tool up.</summary>
    internal sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
