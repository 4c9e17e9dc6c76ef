using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Tests.Redis;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A host that stops and whose program does not dispose of it: what waits in the buffer is stored, or said to be lost.</summary>
public sealed class StoppedHostTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WithoutDispose_StoresWhatWaitsOrSaysWhatIsLost(bool comesBack)
    {
        var inner = new AilingStore();
        using var log = new CollectingLogger();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddShadowcatSessions().UseStore(_ => inner).WithBuffering(options => options.DrainTimeout = TimeSpan.FromSeconds(comesBack ? 30 : 0.2));
        using var host = builder.Build();
        await host.StartAsync(Ct);
        var buffer = host.Services.GetRequiredService<ISessionBuffer>();
        inner.Ail(Ailment.Away);
        var accepted = buffer.AcceptSession(Make.Session());

        var stopping = host.StopAsync(Ct);
        Assert.False(stopping.IsCompleted);
        if (comesBack)
        {
            inner.Ail(Ailment.None);
        }

        await stopping;

        Assert.Equal(comesBack, accepted.Stored.IsCompletedSuccessfully);
        Assert.Equal(comesBack ? 0 : 1, log.Entries.Count(entry => entry.Id.Name == "LeftAtTheStop"));
        inner.Ail(Ailment.None);
        await accepted.Stored.WaitAsync(Poll.DefaultDeadline, Ct);
    }
}
