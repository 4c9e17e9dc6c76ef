using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>Finds the servers in the configuration of a client: JSON with comments and trailing commas, of which nothing but the servers is understood.</summary>
internal static class ClientConfiguration
{
    private static readonly string[] Keys = ["mcpServers", "servers"];

    /// <summary>Where the settings of an editor have the servers among much else.</summary>
    private const string Section = "mcp";

    /// <summary>The servers, in the order of the file.</summary>
    /// <param name="text">The file, without a byte order mark.</param>
    /// <exception cref="ClientConfigurationException">This is no JSON, or there are no servers in it.</exception>
    public static IReadOnlyList<ConfiguredServer> Parse(ReadOnlySpan<byte> text)
    {
        List<ConfiguredServer> servers = [];
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 1000 });
            reader.Read();
            ReadSections(ref reader, servers, isRoot: true);

            // What stands behind the end is no JSON.
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            // Its message ends with the place, counted from zero.
            throw new ClientConfigurationException(
                $"is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: {exception.Message.Split(" LineNumber:")[0]}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ClientConfigurationException($"is no JSON: {exception.Message}", exception);
        }

        return servers.Count > 0 ? servers : throw new ClientConfigurationException($"has no servers, neither in '{Keys[0]}' nor in '{Keys[1]}'");
    }

    private static void ReadSections(ref Utf8JsonReader reader, List<ConfiguredServer> servers, bool isRoot)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (Keys.Contains(name, StringComparer.Ordinal))
            {
                ReadServers(ref reader, servers);
            }
            else if (isRoot && name == Section)
            {
                ReadSections(ref reader, servers, isRoot: false);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadServers(ref Utf8JsonReader reader, List<ConfiguredServer> servers)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var server = new ConfiguredServer(reader.GetString()!);
            reader.Read();
            servers.Add(ReadServer(ref reader, server));
        }
    }

    private static ConfiguredServer ReadServer(ref Utf8JsonReader reader, ConfiguredServer server)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return server;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = (int)reader.TokenStartIndex;
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "command" when reader.TokenType == JsonTokenType.String:
                    server = server with { Command = Read(ref reader) };
                    break;
                case "args" when reader.TokenType == JsonTokenType.StartArray:
                    server = server with { Arguments = ReadArguments(ref reader, nameStart) };
                    break;
                default:
                    server = server with { HasUrl = server.HasUrl || name == "url", HasOtherArguments = server.HasOtherArguments || name == "args" };
                    reader.Skip();
                    break;
            }
        }

        return server;
    }

    private static ArgumentList ReadArguments(ref Utf8JsonReader reader, int nameStart)
    {
        var open = (int)reader.TokenStartIndex;
        List<JsonText> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Read(ref reader));
        }

        return new ArgumentList(nameStart, open, (int)reader.BytesConsumed, items);
    }

    private static JsonText Read(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        var value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        reader.Skip();
        return new JsonText(start, (int)reader.BytesConsumed, value);
    }
}
