using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Registration;

/// <summary>A package of somebody else, with a store and a decorator, on what the builder offers to it.</summary>
public sealed class OwnPackageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_OfAPackage_IsChosenOnceForEachNameWithOptionsOfItsOwn()
    {
        var services = new ServiceCollection();
        UseFiles(services.AddShadowcatSessions(Section(("Files:Directory", "one"))));
        var builder = UseFiles(UseFiles(services.AddShadowcatSessions("a", Section(("Files:Directory", "two")))), options => options.MaxOpenFiles = 7);
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(("one", 100), OptionsOf(provider.GetRequiredService<FileStore>()));
        Assert.Equal(("two", 7), OptionsOf(provider.GetRequiredKeyedService<FileStore>("a")));
        Assert.StartsWith("UseFiles was called before", Assert.Throws<InvalidOperationException>(() => builder.UseRedis("localhost:1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Files:Directoy", "1", "Did you mean Files:Directory?")]
    [InlineData("Files:MaxOpenFiles", "0", "FileStoreOptions.MaxOpenFiles is 0 files; it must be between 1 files and 1000 files.")]
    [InlineData("Files:Keep", "24:00:00", "which is 24 days, and may be meant as 24 hours")]
    public async Task Options_OfAPackage_AreChecked(string key, string value, string said)
    {
        using var host = Build(services => UseFiles(services.AddShadowcatSessions(Section((key, value)))));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct));

        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartupCheck_OfAPackage_SeesTheStoreInsideAndFailsTheStart()
    {
        using var host = Build(services => UseFiles(services.AddShadowcatSessions("a", Section(("Files:Directory", "away")))).Decorate((_, store) => new Outer(store)));

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => host.StartAsync(Ct));

        Assert.Contains("away", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decorators_OfAPackage_LieWhereTheySayAndOnce()
    {
        var builder = new ServiceCollection().AddShadowcatSessions().Decorate((_, store) => new Outer(store)).WithCaching();
        WithCompression(WithCompression(builder));
        await using var provider = builder.Services.BuildServiceProvider();

        var outer = Assert.IsType<Outer>(provider.GetRequiredService<ISessionStore>());
        Assert.IsType<CachedSessionStore>(outer.Inside);
        var around = provider.GetRequiredKeyedService<StoreStack>("").Around;
        Assert.Equal([typeof(Compressed), typeof(CachedSessionStore), typeof(Outer)], around.Select(store => store.GetType()));
    }

    [Fact]
    public void Decorator_ThatIsNull_IsRefusedByTheCall()
    {
        using var provider = new ServiceCollection().AddShadowcatSessions().Decorate((_, _) => null!).Services.BuildServiceProvider();

        Assert.StartsWith("A function given to Decorate returned null", Assert.Throws<InvalidOperationException>(provider.GetRequiredService<ISessionStore>).Message, StringComparison.Ordinal);
    }

    private static ShadowcatSessionsBuilder UseFiles(ShadowcatSessionsBuilder builder, Action<FileStoreOptions>? configure = null)
    {
        var options = builder.AddOptions("Files", static (section, bound) => section.Bind(bound), new FileStoreOptionsValidator());
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (builder.TryUseStore(provider => new FileStore(provider.GetRequiredService<IOptionsMonitor<FileStoreOptions>>().Get(builder.Name))))
        {
            builder.AddStartupCheck(static (_, store, _) => ((FileStore)store).Options.Directory != "away"
                ? Task.CompletedTask
                : throw new SessionStoreConfigurationException("Connect", null, "the directory 'away' does not exist."));
        }

        return builder;
    }

    private static ShadowcatSessionsBuilder WithCompression(ShadowcatSessionsBuilder builder)
    {
        builder.TryAddDecorator(StoreLayer.Encryption, static (_, inner) => new Compressed(inner));
        return builder;
    }

    private static (string? Directory, int MaxOpenFiles) OptionsOf(FileStore store) => (store.Options.Directory, store.Options.MaxOpenFiles);

    private static IHost Build(Action<IServiceCollection> register)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        register(builder.Services);
        return builder.Build();
    }

    private static IConfigurationRoot Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();

    private sealed class FileStoreOptions
    {
        public string? Directory { get; set; }

        public int MaxOpenFiles { get; set; } = 100;

        public TimeSpan Keep { get; set; }
    }

    private sealed class FileStoreOptionsValidator : IValidateOptions<FileStoreOptions>
    {
        public ValidateOptionsResult Validate(string? name, FileStoreOptions options)
        {
            var rules = new OptionRules(nameof(FileStoreOptions));
            rules.Range(nameof(options.MaxOpenFiles), options.MaxOpenFiles, 1, 1000, " files");
            return rules.ToResult();
        }
    }

    private sealed class FileStore(FileStoreOptions options) : ForwardingStore
    {
        public FileStoreOptions Options => options;

        protected override ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call) => call();
    }

    private sealed class Compressed(ISessionStore inner) : DelegatingSessionStore(inner);

    private sealed class Outer(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public ISessionStore Inside => InnerStore;
    }
}
