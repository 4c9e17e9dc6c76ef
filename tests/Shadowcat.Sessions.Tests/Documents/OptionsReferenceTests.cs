using System.Text;
using Shadowcat.Sessions.Aspire;
using Shadowcat.Sessions.Garnet;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The reference of all options is made from the code. SHADOWCAT_UPDATE_DOCS=1 writes it anew.</summary>
public sealed class OptionsReferenceTests
{
    private const string Page = "docs/options.md";

    /// <summary>Where each class is bound: its section below that of the store, and the call that binds it.</summary>
    internal static readonly (string Class, string Section, string BoundBy)[] Bound =
    [
        ("SessionStoreOptions", "the section of the store itself", "`AddShadowcatSessions`"),
        ("RedisSessionStoreOptions", "`Redis`", "`UseRedis`"),
        ("SqliteSessionStoreOptions", "`Sqlite`", "`UseSqlite`"),
        ("CachedSessionStoreOptions", "`Caching`", "`WithCaching`"),
        ("BufferedSessionStoreOptions", "`Buffering`", "`WithBuffering`"),
        ("ProtectedSessionStoreOptions", "`Protection`", "`WithDataProtection`"),
        ("SessionStoreHealthCheckOptions", "`HealthChecks`", "`AddHealthChecks().AddShadowcatSessions`"),
        ("SessionRecordingOptions", "`Recording`", "`WithSessionRecording`"),
        ("SessionMigrationOptions", "`Migration`", "`WithSessionMigration`"),
        ("SessionEventStoreOptions", "`Events`", "`WithSessionEventStore`"),
        (nameof(ShadowcatSessionsClientSettings), $"`{ConfigurationSchema.ClientSection}`, and the section of that which has the name of the connection", "`AddShadowcatSessionsClient`, `AddKeyedShadowcatSessionsClient`"),
        ("SessionInspectorOptions", "none: an argument of `MapSessionInspector`", "code"),
        ("ClientLimits", "`ClientLimits`", "`WithSessionRecording`, `WithSessionMigration`, `WithSessionEventStore`"),
        ("SessionImportOptions", "none: an argument of `ImportSessionsAsync`", "code"),
        ("SessionReplayOptions", "none: an argument of `SessionReplay.ReplayClientAsync`", "code"),
        ("EmbeddedGarnetOptions", "none: an argument of `EmbeddedGarnet.Start`", "code"),
    ];

    [Fact]
    public void Reference_OfOptions_IsWhatTheCodeSays()
    {
        var generated = Generate();
        if (Environment.GetEnvironmentVariable("SHADOWCAT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, Page), generated);
        }

        Assert.Equal(generated, Document.Read(Page).Text);
    }

    [Fact]
    public void Classes_OfOptions_AreAllListed() =>
        Assert.Equal(OptionsSource.All.Select(static source => source.Name), Bound.Select(static bound => bound.Class).Order(StringComparer.Ordinal));

    /// <summary>What is read from the text of the sources is what the compiler made of them.</summary>
    [Theory]
    [InlineData(typeof(SessionStoreOptions))]
    [InlineData(typeof(RedisSessionStoreOptions))]
    [InlineData(typeof(SqliteSessionStoreOptions))]
    [InlineData(typeof(CachedSessionStoreOptions))]
    [InlineData(typeof(BufferedSessionStoreOptions))]
    [InlineData(typeof(ProtectedSessionStoreOptions))]
    [InlineData(typeof(SessionStoreHealthCheckOptions))]
    [InlineData(typeof(SessionRecordingOptions))]
    [InlineData(typeof(ClientLimits))]
    [InlineData(typeof(ShadowcatSessionsClientSettings))]
    [InlineData(typeof(SessionImportOptions))]
    [InlineData(typeof(SessionReplayOptions))]
    [InlineData(typeof(EmbeddedGarnetOptions))]
    public void Properties_OfAClass_AreAllRead(Type options) => Assert.Equal(
        options.GetProperties().Select(static property => property.Name),
        OptionsSource.All.Single(source => source.Name == options.Name).Options.Select(static option => option.Name));

    /// <summary>What a reader needs of an option.</summary>
    [Fact]
    public void Options_OfTheCode_SayWhatTheySetAndTheirBounds() => Assert.All(
        OptionsSource.All.SelectMany(static source => source.Options, static (source, option) => (source.Name, Option: option)),
        static row =>
        {
            Assert.True(row.Option.Sets.Length > 0 && row.Option.Value.Length > 0, $"{row.Name}.{row.Option.Name} has no summary or no value.");
        });

    private static string Generate()
    {
        var page = new StringBuilder(
            """
            # Options

            Every option, with its bounds and its default. This page is made from the code by a test. [Configuration](configuration.md) says how to set options.

            Durations are written `d.hh:mm:ss` in configuration: `02:00:00` is two hours, `7.00:00:00` is seven days. Sizes are in bytes.


            """.ReplaceLineEndings("\n"));
        foreach (var (name, section, boundBy) in Bound)
        {
            var source = OptionsSource.All.Single(source => source.Name == name);
            page.Append($"## {name}\n\nPackage: `{source.Package}`. Section: {section}. Bound by: {boundBy}.\n\n");
            page.Append("| option | sets | bounds and default |\n|---|---|---|\n");
            foreach (var option in source.Options)
            {
                page.Append($"| `{option.Name}` | {option.Sets} | {option.Value} |\n");
            }

            page.Append('\n');
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }
}
