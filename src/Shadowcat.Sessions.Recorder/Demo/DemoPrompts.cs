using System.ComponentModel;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Recorder.Demo;

/// <summary>The prompt of the demonstration's server.</summary>
[McpServerPromptType]
internal sealed class DemoPrompts
{
    [McpServerPrompt(Name = "greet"), Description("Asks for a greeting.")]
    public static string Greet(string name) => $"Greet {name} in one sentence.";
}
