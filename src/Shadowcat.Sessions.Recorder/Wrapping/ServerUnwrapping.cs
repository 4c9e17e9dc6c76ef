using System.Text;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>Takes the recorder from before the servers of a configuration: what <see cref="ServerWrapping"/> made of a file becomes that file again, byte for byte.</summary>
internal static class ServerUnwrapping
{
    /// <param name="text">The file.</param>
    /// <param name="server">A server in it.</param>
    public static ServerChange Unwrap(ReadOnlySpan<byte> text, ConfiguredServer server)
    {
        if (server is not { Command: { Value: { } program } command, Arguments: { } list } || RecorderCall.Of(program, list.Values) is not { } call)
        {
            return new ServerChange(server.Name, "left: no recorder stands before it");
        }

        if (call.Server is not { } place || list.Items[place].Value is null)
        {
            return new ServerChange(server.Name, "left: a recorder without a command behind it");
        }

        var original = list.Items[place];
        return new ServerChange(
            server.Name,
            "to be unwrapped",
            new TextEdit(command.Start, command.End, Encoding.UTF8.GetString(text[original.Start..original.End]), server.Name),
            call.IsSeparated && place == list.Items.Count - 1 && PropertyOf(text, command, list) is { } property
                ? new TextEdit(property.Start, property.End, "", server.Name)
                : OutOfList(text, server.Name, list, original));
    }

    private static TextEdit OutOfList(ReadOnlySpan<byte> text, string server, ArgumentList list, JsonText original)
    {
        var inside = list.Open + 1;
        if (JsonLayout.BehindComma(text, original.End) is not { } end)
        {
            return new TextEdit(inside, original.End, "", server);
        }

        // Where the list begins with a space or on a new line, what follows the comma does, too.
        return new TextEdit(inside, text[inside] == (byte)'"' && text[end] == (byte)' ' ? end + 1 : end, "", server);
    }

    /// <summary>The list with its name and one comma; null where comments stand between, then it stays as an empty one, which is the same to a client.</summary>
    private static (int Start, int End)? PropertyOf(ReadOnlySpan<byte> text, JsonText command, ArgumentList list)
    {
        var before = JsonLayout.SkipSpaceBack(text, list.NameStart);
        if (before > 0 && text[before - 1] == (byte)',')
        {
            // The space before the comma is what stood behind the command where the list follows it.
            return (JsonLayout.SkipSpaceBack(text, before - 1) == command.End ? command.End : before - 1, list.End);
        }

        return before > 0 && text[before - 1] == (byte)'{' && JsonLayout.BehindComma(text, list.End) is { } end ? (list.NameStart, JsonLayout.SkipSpace(text, end)) : null;
    }
}
