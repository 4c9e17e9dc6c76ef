using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>Puts a recorder before the servers of a configuration, and changes no other character of it.</summary>
/// <param name="command">What starts the recorder.</param>
/// <param name="arguments">Its arguments, up to and with the options of <c>record</c>.</param>
internal sealed class ServerWrapping(string command, IReadOnlyList<string> arguments)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="text">The file.</param>
    /// <param name="server">A server in it.</param>
    public ServerChange Wrap(ReadOnlySpan<byte> text, ConfiguredServer server)
    {
        if (server.Command is not { Value: { } program } original)
        {
            return new ServerChange(
                server.Name,
                server.HasUrl ? "left: it is reached by an address; 'record --http <url>' stands before such a server" : "left: it has neither a command nor a url");
        }

        if (server.HasOtherArguments)
        {
            return new ServerChange(server.Name, "left: its 'args' are no list");
        }

        if (RecorderCall.Of(program, server.Arguments?.Values ?? []) is not null)
        {
            return new ServerChange(server.Name, "left: the recorder stands before it already");
        }

        return new ServerChange(
            server.Name,
            "to be wrapped",
            new TextEdit(original.Start, original.End, Quote(command), server.Name),
            server.Arguments is { } list ? IntoList(text, server.Name, list, Raw(text, original)) : NewList(text, server.Name, original));
    }

    /// <summary>The recorder's arguments before those of the server, laid out as the first of these is.</summary>
    private TextEdit IntoList(ReadOnlySpan<byte> text, string server, ArgumentList list, string program)
    {
        var inside = list.Open + 1;
        if (list.Items.Count == 0)
        {
            // Without a separator: a list that was empty is so distinguished from one that was not there, when the recorder is taken out again.
            return new TextEdit(inside, inside, string.Join(", ", [.. arguments.Select(Quote), program]), server);
        }

        var space = Encoding.UTF8.GetString(text[inside..JsonLayout.SkipSpace(text, inside)]);
        return new TextEdit(inside, inside, $"{space}{Items(program)},{(space.Length == 0 ? " " : "")}", server);
    }

    /// <summary>A list of arguments behind the command, on a line of its own where the command is.</summary>
    private TextEdit NewList(ReadOnlySpan<byte> text, string server, JsonText original)
    {
        var space = JsonLayout.IndentationOfLine(text, original.Start, "\"command\""u8);
        return new TextEdit(original.End, original.End, $",{space ?? " "}\"args\": [{Items(Raw(text, original))}]", server);
    }

    private string Items(string program) => string.Join(", ", [.. arguments.Append(RecorderCall.Separator).Select(Quote), program]);

    /// <summary>As it is written in the file, with its escapes.</summary>
    private static string Raw(ReadOnlySpan<byte> text, JsonText value) => Encoding.UTF8.GetString(text[value.Start..value.End]);

    private static string Quote(string value) => JsonSerializer.Serialize(value, Plain);
}
