using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Conformance;

/// <summary>The resources that the scenarios of the protocol's conformance suite read.</summary>
[McpServerResourceType]
internal sealed class ConformanceResources
{
    [McpServerResource(UriTemplate = "test://static-text", Name = "text", MimeType = "text/plain")]
    public static string StaticText() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "binary", MimeType = "image/png")]
    public static ResourceContents StaticBinary() => BlobResourceContents.FromBytes(new byte[] { 1, 2, 3 }, "test://static-binary", "image/png");

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json")]
    public static ResourceContents Template(string id) => new TextResourceContents
    {
        Uri = $"test://template/{id}/data",
        MimeType = "application/json",
        Text = $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""",
    };

    [McpServerResource(UriTemplate = "test://watched-resource", Name = "watched", MimeType = "text/plain")]
    public static string Watched() => "This is watched.";
}
