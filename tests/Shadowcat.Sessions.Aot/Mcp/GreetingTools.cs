using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Aot.Mcp;

/// <summary>The tool of the server in a host.</summary>
[McpServerToolType]
internal sealed class GreetingTools
{
    [McpServerTool(Name = "greet")]
    public static string Greet(string name) => $"Hello, {name}";
}
