using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>A tool that needs something of the client before it answers, which over a stateless server is another request.</summary>
[McpServerToolType]
internal sealed class AskTools
{
    [McpServerTool(Name = "ask")]
    public static string Ask(RequestContext<CallToolRequestParams> context) => context.Params?.RequestState is { } state
        ? $"answered {state}"
        : throw new InputRequiredException(requestState: Guid.NewGuid().ToString("N"));
}
