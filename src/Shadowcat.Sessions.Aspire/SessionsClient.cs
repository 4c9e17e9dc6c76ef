using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shadowcat.Sessions.Redis;

namespace Shadowcat.Sessions.Aspire;

/// <summary>A registration of a session store: one for the store without a key, and one for each key.</summary>
internal sealed class SessionsClient
{
    private const string SectionName = "Aspire:Shadowcat:Sessions";

    private const string OptionsName = "Options";

    /// <summary>The meters of a store, of the recording of what it is asked to keep, and of the events on it.</summary>
    private static readonly string[] Meters = [SessionTelemetry.MeterName, "Shadowcat.Sessions.Mcp", "Shadowcat.Sessions.AspNetCore"];

    private readonly IHostApplicationBuilder _builder;
    private readonly string _connectionName;
    private readonly string? _key;

    private SessionsClient(IHostApplicationBuilder builder, string connectionName, string? key)
    {
        _builder = builder;
        _connectionName = connectionName;
        _key = key;
    }

    public static ShadowcatSessionsBuilder Add(
        IHostApplicationBuilder builder, string connectionName, string? key, Action<ShadowcatSessionsClientSettings>? configureSettings, Action<RedisSessionStoreOptions>? configureOptions)
    {
        CheckFirst(builder.Services, key);
        var client = new SessionsClient(builder, connectionName, key);
        var settings = client.Read();
        configureSettings?.Invoke(settings);
        var sessions = client.Register(settings, configureOptions);
        client.Observe(settings);
        builder.Services.AddKeyedSingleton(key ?? "", client);
        return sessions;
    }

    private static void CheckFirst(IServiceCollection services, string? key)
    {
        if (services.Any(service => service.ServiceType == typeof(SessionsClient) && (key ?? "").Equals(service.ServiceKey)))
        {
            throw new InvalidOperationException(key is null
                ? "AddShadowcatSessionsClient was called before: an application has one store without a key. Register the other one by AddKeyedShadowcatSessionsClient(\"name\")."
                : $"AddKeyedShadowcatSessionsClient(\"{key}\") was called before: a key is for one store. Give the other one a name of its own.");
        }
    }

    private ShadowcatSessionsClientSettings Read()
    {
        var settings = new ShadowcatSessionsClientSettings();
        var section = _builder.Configuration.GetSection(SectionName);
        section.Bind(settings);
        section.GetSection(_connectionName).Bind(settings);
        if (_builder.Configuration.GetConnectionString(_connectionName) is { Length: > 0 } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        return settings;
    }

    private ShadowcatSessionsBuilder Register(ShadowcatSessionsClientSettings settings, Action<RedisSessionStoreOptions>? configureOptions)
    {
        var (services, options) = (_builder.Services, OptionsSection());
        return (_key is null ? services.AddShadowcatSessions(options) : services.AddShadowcatSessions(_key, options)).UseRedis(redis =>
        {
            redis.Configuration = string.IsNullOrWhiteSpace(settings.ConnectionString) ? redis.Configuration : settings.ConnectionString;
            configureOptions?.Invoke(redis);
            if (string.IsNullOrWhiteSpace(redis.Configuration))
            {
                throw new InvalidOperationException(
                    $"There is no connection string for the session store: 'ConnectionStrings:{_connectionName}' is missing, and so is '{SectionName}:ConnectionString'. In the AppHost, give the project the Redis resource "
                    + $"of that name: .WithReference(redis), where redis is builder.AddRedis(\"{_connectionName}\"). Elsewhere, set ConnectionStrings__{_connectionName}=host:port.");
            }
        });
    }

    /// <summary>The options of the store: those of its own, where it has some, else those for all.</summary>
    private IConfigurationSection OptionsSection()
    {
        var own = _builder.Configuration.GetSection($"{SectionName}:{_connectionName}:{OptionsName}");
        return own.Exists() ? own : _builder.Configuration.GetSection($"{SectionName}:{OptionsName}");
    }

    private void Observe(ShadowcatSessionsClientSettings settings)
    {
        if (!settings.DisableHealthChecks)
        {
            _builder.Services.AddHealthChecks().AddShadowcatSessions(storeName: _key);
        }

        if (!settings.DisableTracing)
        {
            _builder.Services.AddOpenTelemetry().WithTracing(static traces => traces.AddSource(SessionTelemetry.ActivitySourceName));
        }

        if (!settings.DisableMetrics)
        {
            _builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddMeter(Meters));
        }
    }
}
