using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

public sealed class SessionEventStoreOptionsTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(10_000_001, null)]
    [InlineData(1, 0)]
    [InlineData(1, 3651)]
    [InlineData(1, null, 0)]
    [InlineData(1, null, (1L << 40) + 1)]
    public void Options_OutOfBounds_AreRefused(int maxEvents, int? days, long maxBytes = 1)
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddMcpServer().WithHttpTransport().WithSessionEventStore(options =>
        {
            options.MaxEvents = maxEvents;
            options.MaxBytes = maxBytes;
            options.TimeToLive = days is { } count ? TimeSpan.FromDays(count) : null;
        });
        using var provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SessionEventStoreOptions>>().Value);
    }

    [Fact]
    public void Registration_Twice_IsOneStore()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions();
        services.AddMcpServer().WithHttpTransport().WithSessionEventStore().WithSessionEventStore(options => options.MaxEvents = 7).WithSessionMigration().WithSessionMigration();
        using var provider = services.BuildServiceProvider();

        Assert.IsType<SessionEventStore>(Assert.Single(provider.GetServices<ISseEventStreamStore>()));
        Assert.Equal(7, provider.GetRequiredService<IOptions<SessionEventStoreOptions>>().Value.MaxEvents);
    }

    [Fact]
    public void Registration_WithoutAStore_ThrowsWhenItIsResolved()
    {
        var services = new ServiceCollection();
        services.AddMcpServer().WithHttpTransport().WithSessionEventStore();
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<ISseEventStreamStore>());
        Assert.Contains("AddShadowcatSessions", exception.Message, StringComparison.Ordinal);
    }
}
