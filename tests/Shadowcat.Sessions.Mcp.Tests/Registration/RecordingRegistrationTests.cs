using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using static Shadowcat.Sessions.Mcp.Tests.Servers.HttpConversation;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>What registering the recording needs, and sets.</summary>
public sealed class RecordingRegistrationTests
{
    [Fact]
    public async Task StartAsync_WithoutAStore_SaysWhatIsMissing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddMcpServer().WithHttpTransport().WithSessionRecording();
        await using var application = builder.Build();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => application.StartAsync(TestContext.Current.CancellationToken));

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

        Assert.Equal(1000, provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<SessionRecordingOptions>>().Value.MaxFrameBytes);
    }
}
