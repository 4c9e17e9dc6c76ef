using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses a SQLite file as the store.</summary>
public static class ShadowcatSessionsSqliteBuilderExtensions
{
    /// <summary>Keeps the sessions in a SQLite file that the configuration names.</summary>
    /// <param name="builder">The builder, of a store with a section of the configuration. In that, the section <c>Sqlite</c> has the members of <see cref="SqliteSessionStoreOptions"/>, among them <see cref="SqliteSessionStoreOptions.Path"/>.</param>
    /// <returns>The builder.</returns>
    /// <remarks>A host that starts opens the file, and makes it where it is missing: what trying again cannot help fails the start, a file that is locked is only logged.</remarks>
    /// <exception cref="InvalidOperationException">Another store was chosen before.</exception>
    /// <example>
    /// <code>
    /// // { "Shadowcat": { "Sessions": { "Sqlite": { "Path": "/var/lib/gateway/sessions.db" } } } }
    /// services.AddShadowcatSessions(configuration.GetSection("Shadowcat:Sessions")).UseSqlite();
    /// </code>
    /// </example>
    public static ShadowcatSessionsBuilder UseSqlite(this ShadowcatSessionsBuilder builder) => Use(builder, configure: null);

    /// <summary>Keeps the sessions in a SQLite file that the code names.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file: relative to the current directory where it is not absolute, and made where it is missing.</param>
    /// <returns>The builder.</returns>
    /// <remarks>A host that starts opens the file, and makes it where it is missing: what trying again cannot help fails the start, a file that is locked is only logged.</remarks>
    /// <exception cref="InvalidOperationException">Another store was chosen before.</exception>
    public static ShadowcatSessionsBuilder UseSqlite(this ShadowcatSessionsBuilder builder, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Use(builder, options => options.Path = path);
    }

    /// <summary>Keeps the sessions in a SQLite file, with options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, behind those of the section <c>Sqlite</c> in the store's section; one of both says <see cref="SqliteSessionStoreOptions.Path"/>. They are checked when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <remarks>A host that starts opens the file, and makes it where it is missing: what trying again cannot help fails the start, a file that is locked is only logged.</remarks>
    /// <exception cref="InvalidOperationException">Another store was chosen before.</exception>
    public static ShadowcatSessionsBuilder UseSqlite(this ShadowcatSessionsBuilder builder, Action<SqliteSessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Use(builder, configure);
    }

    private static ShadowcatSessionsBuilder Use(ShadowcatSessionsBuilder builder, Action<SqliteSessionStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.TryUseStore(provider => Create(builder, provider), nameof(UseSqlite)))
        {
            builder.AddStartupCheck((provider, store, cancellationToken) => SqliteStartupCheck.RunAsync(
                (SqliteSessionStore)store, builder.GetLogger<SqliteSessionStore>(provider) ?? NullLogger<SqliteSessionStore>.Instance, cancellationToken));
        }

        var options = builder.AddOptions("Sqlite", static (section, bound) => section.Bind(bound), SqliteSessionStoreOptionsValidator.Instance);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder;
    }

    private static SqliteSessionStore Create(ShadowcatSessionsBuilder builder, IServiceProvider provider) => new(
        provider.GetRequiredService<IOptionsMonitor<SqliteSessionStoreOptions>>().Get(builder.Name),
        provider.GetRequiredService<IOptionsMonitor<SessionStoreOptions>>().Get(builder.Name),
        builder.GetExpirationListeners(provider),
        builder.GetLogger<SqliteSessionStore>(provider),
        builder.GetMeterFactory(provider),
        provider.GetService<TimeProvider>());
}
