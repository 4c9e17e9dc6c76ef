using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Conformance;

/// <summary>The tools that the scenarios of the protocol's conformance suite call.</summary>
[McpServerToolType]
internal sealed class ConformanceTools
{
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");
    private static readonly byte[] Sound = Convert.FromBase64String("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");

    [McpServerTool(Name = "test_simple_text")]
    public static string SimpleText() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content")]
    public static ImageContentBlock Image() => ImageContentBlock.FromBytes(Picture, "image/png");

    [McpServerTool(Name = "test_audio_content")]
    public static AudioContentBlock Audio() => AudioContentBlock.FromBytes(Sound, "audio/wav");

    [McpServerTool(Name = "test_embedded_resource")]
    public static EmbeddedResourceBlock Embedded() => Resource("test://embedded-resource", "text/plain", "This is an embedded resource content.");

    [McpServerTool(Name = "test_multiple_content_types")]
    public static IEnumerable<ContentBlock> Mixed() =>
        [new TextContentBlock { Text = "Multiple content types test:" }, Image(), Resource("test://mixed-content-resource", "application/json", """{"test":"data","value":123}""")];

    [McpServerTool(Name = "test_tool_with_logging")]
    public static async Task<string> LogAsync(McpServer server, CancellationToken cancellationToken)
    {
        foreach (var text in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
        {
            await server.SendNotificationAsync(
                NotificationMethods.LoggingMessageNotification,
                new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Logger = "test", Data = JsonSerializer.SerializeToElement(text) },
                cancellationToken: cancellationToken);
        }

        return "Tool with logging executed successfully";
    }

    [McpServerTool(Name = "test_tool_with_progress")]
    public static string Progress(IProgress<ProgressNotificationValue> progress)
    {
        foreach (var done in new[] { 0, 50, 100 })
        {
            progress.Report(new ProgressNotificationValue { Progress = done, Total = 100 });
        }

        return "done";
    }

    [McpServerTool(Name = "test_error_handling")]
    public static string Fail() => throw new McpException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "test_sampling")]
    public static async Task<string> SampleAsync(McpServer server, string prompt, CancellationToken cancellationToken)
    {
        var result = await server.SampleAsync(
            new CreateMessageRequestParams { MaxTokens = 100, Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }] },
            cancellationToken);
        return $"LLM response: {result.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
    }

    [McpServerTool(Name = "test_elicitation")]
    public static Task<string> ElicitAsync(McpServer server, string message, CancellationToken cancellationToken) => ElicitAsync(
        server,
        message,
        new()
        {
            ["username"] = new ElicitRequestParams.StringSchema { Description = "User's response" },
            ["email"] = new ElicitRequestParams.StringSchema { Description = "User's email address" },
        },
        cancellationToken);

    [McpServerTool(Name = "test_elicitation_sep1034_defaults")]
    public static Task<string> ElicitDefaultsAsync(McpServer server, CancellationToken cancellationToken) => ElicitAsync(
        server,
        "Defaults",
        new()
        {
            ["name"] = new ElicitRequestParams.StringSchema { Default = "John Doe" },
            ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 },
            ["score"] = new ElicitRequestParams.NumberSchema { Default = 95.5 },
            ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
            ["verified"] = new ElicitRequestParams.BooleanSchema { Default = true },
        },
        cancellationToken);

    /// <summary>Ends the response, so that the client has to come for the rest.</summary>
    [McpServerTool(Name = "test_reconnection")]
    public static async Task<string> ReconnectAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        await context.EnablePollingAsync(TimeSpan.FromMilliseconds(100), cancellationToken);
        return "Reconnection test completed";
    }

    private static async Task<string> ElicitAsync(
        McpServer server, string message, Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> properties, CancellationToken cancellationToken)
    {
        var schema = new ElicitRequestParams.RequestSchema { Properties = properties };
        var result = await server.ElicitAsync(new ElicitRequestParams { Message = message, RequestedSchema = schema }, cancellationToken);
        return $"Elicitation completed: action={result.Action}, content={JsonSerializer.Serialize(result.Content)}";
    }

    private static EmbeddedResourceBlock Resource(string uri, string type, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };
}
