using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using static Shadowcat.Sessions.Mcp.Tests.Servers.HttpConversation;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>What registering the recording needs, and sets.</summary>
public sealed class RecordingRegistrationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_WithoutAStore_SaysWhatIsMissing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddMcpServer().WithHttpTransport().WithSessionRecording();
        await using var application = builder.Build();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => application.StartAsync(Ct));

        Assert.Contains("AddShadowcatSessions", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithSessionRecording_CalledTwice_RecordsOnce()
    {
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, services: services => services.AddMcpServer().WithSessionRecording(options => options.Tags = ["twice"]));
        await using var client = await server.ConnectAsync(WithoutHandshake);

        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal(2, session.FrameCount);
        Assert.Equal(["twice"], session.Tags.Select(tag => tag.Value));
    }

    [Fact]
    public void WithSessionRecording_StoreTakesLessInAFrame_RecordsNoMore()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(options => options.MaxFrameBytes = 1000);
        services.AddMcpServer().WithSessionRecording();
        using var provider = services.BuildServiceProvider();

        Assert.Equal(1000, provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value.MaxFrameBytes);
    }

    [Fact]
    public async Task WithSessionRecording_StoreName_RecordsThereAndNowhereElse()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMcpServer().WithHttpTransport(options => options.SessionMode = HttpServerSessionMode.Stateful).WithSessionRecording(storeName: "recordings");
        builder.Services.AddShadowcatSessions();
        builder.Services.AddShadowcatSessions("recordings", options => options.MaxFrameBytes = 100_000);
        await using var application = builder.Build();
        application.MapMcp();
        await application.StartAsync(Ct);
        await using (await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(application.Urls.First()) }), cancellationToken: Ct))
        {
        }

        await Poll.UntilAsync(
            async () => await application.Services.GetRequiredKeyedService<ISessionStore>("recordings").CountSessionsAsync(Ct) > 0, "it is recorded");
        Assert.Equal(0, await application.Services.GetRequiredService<ISessionStore>().CountSessionsAsync(Ct));
        Assert.Equal(100_000, application.Services.GetRequiredService<IOptions<SessionRecordingOptions>>().Value.MaxFrameBytes);
    }

    [Fact]
    public void WithSessionRecording_NamesAnotherStoreThanBefore_IsRefused()
    {
        var server = new ServiceCollection().AddMcpServer().WithSessionRecording();

        var exception = Assert.Throws<InvalidOperationException>(() => server.WithSessionRecording(storeName: "recordings"));

        Assert.Contains("the store without a name before, and now with the store 'recordings'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithSessionRecording_NameThatNoStoreHas_SaysWhatToRegister()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddMcpServer().WithSessionRecording(storeName: "recordings");
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<SessionRecorder>);

        Assert.Contains("services.AddShadowcatSessions(\"recordings\")", exception.Message, StringComparison.Ordinal);
    }
}
