using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Aot.Registration;
using Shadowcat.Sessions.Aot.Stores;

namespace Shadowcat.Sessions.Aot.Authoring;

/// <summary>A package of somebody, with a store that has options and a check at start-up, and with a decorator.</summary>
internal static class PackageCalls
{
    public static async Task MakeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddKeyedSingleton<ISessionExpirationListener, ExpiredIds>("own");
        var sessions = builder.Services.AddShadowcatSessions("own", Settings.Of(("Own:Depth", "7")));
        var check = new StartupCheck();
        var options = sessions.AddOptions("Own", static (section, bound) => section.Bind(bound), new OwnOptionsValidator());
        options.Configure(static bound => bound.Depth++);
        Check.That(sessions.TryUseStore(_ => new PassingStore(new InMemorySessionStore()), "UseOwn") && !sessions.TryUseStore(_ => new PassingStore(new InMemorySessionStore()), "UseOwn"));
        sessions.AddStartupCheck(check.RunAsync);
        Check.That(sessions.TryAddDecorator(StoreLayer.Encryption, static (_, inner) => new PassingStore(inner), "WithOwn"));

        using var host = builder.Build();
        await host.StartAsync();
        Check.That(check.Store is PassingStore { Inside: InMemorySessionStore } && sessions.GetStore(host.Services) is PassingStore { Inside: PassingStore });
        Check.Equal(8, host.Services.GetRequiredService<IOptionsMonitor<OwnOptions>>().Get("own").Depth);
        Check.That(sessions.GetMeterFactory(host.Services) is not null && sessions.GetLogger<PassingStore>(host.Services) is not null);
        Check.Equal(1, sessions.GetExpirationListeners(host.Services).Count());
        Check.That(ShadowcatSessionsBuilder.For(builder.Services, "own") is { Name: "own" } same && same.Services == builder.Services);
        await host.StopAsync();

        var exception = await Check.ThrowsAsync<OptionsValidationException>(static () => OptionRules.Checked(new OwnOptions { Depth = 100 }, new OwnOptionsValidator()));
        Check.Equal("OwnOptions.Depth is 100; it must be between 0 and 10.; OwnOptions.Depth is 100; it is even.", exception.Message);
    }

    private sealed class StartupCheck
    {
        public ISessionStore? Store { get; private set; }

        public Task RunAsync(IServiceProvider provider, ISessionStore store, CancellationToken cancellationToken)
        {
            Store = store;
            return Task.CompletedTask;
        }
    }

    private sealed class OwnOptionsValidator : IValidateOptions<OwnOptions>
    {
        public ValidateOptionsResult Validate(string? name, OwnOptions options)
        {
            var rules = new OptionRules(nameof(OwnOptions));
            rules.Range(nameof(options.Depth), options.Depth, 0, 10);
            rules.Holds(options.Depth < 100, nameof(options.Depth), "100", "it is even");
            return rules.ToResult();
        }
    }
}
