using System.ComponentModel;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Recorder.Demo;

/// <summary>The resource of the demonstration's server.</summary>
[McpServerResourceType]
internal sealed class DemoResources
{
    public const string NoteUri = "demo://note";

    [McpServerResource(UriTemplate = NoteUri, Name = "note", MimeType = "text/plain"), Description("A note.")]
    public static string Note() => "Everything said here is recorded.";
}
