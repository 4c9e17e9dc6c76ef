using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.House;
using Shadowcat.Sessions.Tests.Security;

namespace Shadowcat.Sessions.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact]
    public async Task Example_Run_PrintsTheFrame()
    {
        Assert.Equal("0 ClientToServer tools/list", (await ReadmeExample.RunAsync(new ServiceCollection())).Trim());
    }

    [Fact]
    public async Task Caching_Registered_IsInFrontOfTheStore()
    {
        var services = new ServiceCollection();
        ReadmeExample.RegisterCached(services);
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<CachedSessionStore>(provider.GetRequiredService<ISessionStore>());
    }

    [Fact]
    public async Task Configuration_OfTheReadme_ConfiguresTheStore()
    {
        var json = Readme().Split("```json\n")[1].Split("```")[0];
        var services = new ServiceCollection();
        ReadmeExample.RegisterConfigured(services, new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<CachedSessionStore>(provider.GetRequiredService<ISessionStore>());
        Assert.Equal(5000, provider.GetRequiredService<IOptions<CachedSessionStoreOptions>>().Value.Capacity);
    }

    [Fact]
    public async Task SeveralStores_Registered_AreEachByTheirName()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddDataProtection().UseEphemeralDataProtectionProvider();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Shadowcat:Archive:Redis:Configuration", "localhost:1")]).Build();
        ReadmeExample.RegisterSeveral(services, configuration);
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<CachedSessionStore>(provider.GetRequiredService<ISessionStore>());
        Assert.IsType<ProtectedSessionStore>(provider.GetRequiredKeyedService<ISessionStore>("archive"));
    }

    [Fact]
    public async Task OwnDecorator_Registered_IsOutermost()
    {
        var services = new ServiceCollection();
        ReadmeExample.RegisterOwn(services);
        await using var provider = services.BuildServiceProvider();

        var store = provider.GetRequiredService<ISessionStore>();
        Assert.IsAssignableFrom<DelegatingSessionStore>(store);
        Assert.Null(store.GetService<CachedSessionStore>());
    }

    [Fact]
    public async Task Buffering_Used_StoresWhatWasAccepted()
    {
        Assert.Equal("Passing, 0 frames wait", (await ReadmeExample.AcceptAsync(new ServiceCollection())).Trim());
    }

    [Fact]
    public async Task Archive_ExportedAndImported_IsInTheOtherStore()
    {
        var (store, other) = (new InMemorySessionStore(), new InMemorySessionStore());
        var session = await Archived.RecordedAsync(store, frames: 3);
        var path = Path.GetTempFileName();
        try
        {
            var printed = await ReadmeExample.ArchiveAsync(store, session, other, path);

            Assert.Equal($"1 sessions, 3 frames, {new FileInfo(path).Length} bytes", printed.Trim());
            Assert.Equal(3, await other.CountFramesAsync(session.Id, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("example")]
    [InlineData("archive")]
    [InlineData("caching")]
    [InlineData("tls")]
    [InlineData("credentials")]
    [InlineData("encryption")]
    [InlineData("buffering")]
    [InlineData("own")]
    [InlineData("configured")]
    [InlineData("several")]
    public void Readme_Example_IsTheOneThatCompiles(string name)
    {
        var lines = File.ReadAllLines(InRepository("tests/Shadowcat.Sessions.Tests/Readme/ReadmeExample.cs"));
        var example = lines
            .SkipWhile(line => !line.Contains($"// <{name}>", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.Contains($"// </{name}>", StringComparison.Ordinal))
            .Select(line => line.Length >= 8 ? line[8..] : line)
            .Select(line => line.Replace("console.AppendLine", "Console.WriteLine", StringComparison.Ordinal));

        Assert.Contains(string.Join('\n', example), Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_TestKit_IsTheOneThatRuns()
    {
        var code = File.ReadAllText(InRepository("tests/Shadowcat.Sessions.Tests/Readme/MyStoreTests.cs")).ReplaceLineEndings("\n").Split("// <testkit>\n")[1].Split("// </testkit>")[0];

        Assert.Contains($"```csharp\n{code}```", Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_OptionsTables_NameEveryOption()
    {
        Type[] options =
        [
            typeof(SessionStoreOptions), typeof(RedisSessionStoreOptions), typeof(CachedSessionStoreOptions), typeof(BufferedSessionStoreOptions),
            typeof(ProtectedSessionStoreOptions),
        ];
        foreach (var option in options.SelectMany(type => type.GetProperties()))
        {
            Assert.Contains($"| `{option.Name}` |", Readme(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Readme_AccessRule_IsTheOneThatTheSuiteRunsUnder()
    {
        foreach (var channels in new[] { true, false })
        {
            Assert.Contains(string.Join('\n', AccessRule.Lines("shadowcat", channels).Select(line => "  " + line)) + "\n```", Readme(), StringComparison.Ordinal);
        }

        Assert.Contains($"`{AccessRule.Granted(AccessRule.ClusterCommands)}`", Readme(), StringComparison.Ordinal);
        Assert.Contains(string.Join('\n', AccessRule.OnSentinels.Select(line => "  " + line)) + "\n```", Readme(), StringComparison.Ordinal);
    }

    private static string Readme() => File.ReadAllText(InRepository("README.md")).ReplaceLineEndings("\n");

    private static string InRepository(string path) => Path.Combine(Repository.Root, path);
}
