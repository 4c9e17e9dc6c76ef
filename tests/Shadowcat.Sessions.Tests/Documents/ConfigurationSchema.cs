using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shadowcat.Sessions.Aspire;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The JSON schema of the part of appsettings.json that a package reads, made from the sources of its options.</summary>
/// <seealso href="https://json-schema.org/draft-07"/>
internal static class ConfigurationSchema
{
    /// <summary>The section of the client integration for Aspire.</summary>
    public const string ClientSection = "Aspire:Shadowcat:Sessions";

    private const string ClientOptions = "shadowcatSessionsOptions";

    /// <summary>Durations as <see cref="TimeSpan"/> reads them. Twenty-four hours are a day: see docs/configuration.md.</summary>
    private const string Duration = @"^(\d+\.)?([01]?\d|2[0-3]):[0-5]?\d(:[0-5]?\d(\.\d{1,7})?)?$";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly OptionsSource Client = OptionsSource.All.Single(static source => source.Name == nameof(ShadowcatSessionsClientSettings));

    /// <summary>The packages whose options are read from a configuration.</summary>
    public static IReadOnlyList<string> Packages { get; } =
        [.. Sections().Select(static section => section.Source.Package).Append(Client.Package).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The schema of a package, as its file has it.</summary>
    /// <param name="package">One of <see cref="Packages"/>.</param>
    public static string Of(string package) =>
        (package == Client.Package ? OfClient() : Nested("Shadowcat:Sessions", Store(package))).ToJsonString(Layout) + "\n";

    /// <summary>The settings for all connections, and those of each by its name. The options of the store are those of the packages that the integration brings along.</summary>
    private static JsonObject OfClient()
    {
        var settings = ClientSettings();
        settings["additionalProperties"] = ClientSettings();
        var schema = Nested(ClientSection, settings);
        schema["definitions"] = new JsonObject { [ClientOptions] = Store("Shadowcat.Sessions", "Shadowcat.Sessions.Redis") };
        return schema;
    }

    private static JsonObject ClientSettings()
    {
        var settings = Section(Client);
        settings["properties"]!["Options"] = new JsonObject { ["$ref"] = $"#/definitions/{ClientOptions}" };
        return settings;
    }

    /// <summary>The section of a store, as far as it is of some packages.</summary>
    private static JsonObject Store(params string[] packages)
    {
        var store = new JsonObject();
        foreach (var (source, name) in Sections().Where(section => packages.Contains(section.Source.Package, StringComparer.Ordinal)))
        {
            if (name.Length > 0)
            {
                store[name] = Section(source);
                continue;
            }

            foreach (var option in Bindable(source))
            {
                store[option.Name] = Value(option);
            }
        }

        return new JsonObject { ["type"] = "object", ["properties"] = store };
    }

    /// <summary>The classes that are bound, each with its section below that of the store; none for the store's own.</summary>
    private static IEnumerable<(OptionsSource Source, string Name)> Sections() => OptionsReferenceTests.Bound
        .Where(static bound => !bound.Section.StartsWith("none", StringComparison.Ordinal) && bound.Class != nameof(ShadowcatSessionsClientSettings))
        .Select(static bound => (
            OptionsSource.All.Single(source => source.Name == bound.Class),
            bound.Section.StartsWith('`') ? bound.Section.Trim('`') : ""));

    private static JsonObject Nested(string path, JsonObject section) => path.Split(':').Reverse()
        .Aggregate(section, static (inner, name) => new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { [name] = inner } });

    private static JsonObject Section(OptionsSource source) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(Bindable(source).Select(static option => KeyValuePair.Create(option.Name, (JsonNode?)Value(option)))),
    };

    /// <summary>What code alone can set is no part of a configuration.</summary>
    private static IEnumerable<OptionsSource.Option> Bindable(OptionsSource source) => source.Options.Where(static option =>
        !option.Type.StartsWith("Action<", StringComparison.Ordinal)
        && !option.Type.StartsWith("Func<", StringComparison.Ordinal)
        && option.Type != "IList<IFrameRedactor>");

    private static JsonObject Value(OptionsSource.Option option)
    {
        var value = OfType(option.Type.TrimEnd('?'));
        value["description"] = $"{option.Sets} {option.Value}".Replace("`", "", StringComparison.Ordinal).Replace(@"\|", "|", StringComparison.Ordinal);
        return value;
    }

    private static JsonObject OfType(string type) => type switch
    {
        "bool" => new JsonObject { ["type"] = "boolean" },
        "int" or "long" => new JsonObject { ["type"] = "integer" },
        "string" => new JsonObject { ["type"] = "string" },
        "TimeSpan" => new JsonObject { ["type"] = "string", ["pattern"] = Duration },
        "IList<string>" => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
        _ when OptionsSource.NamesOf(type) is { } names => new JsonObject { ["enum"] = new JsonArray([.. names.Select(static name => JsonValue.Create(name))]) },
        _ => Section(OptionsSource.All.Single(source => source.Name == type)),
    };
}
