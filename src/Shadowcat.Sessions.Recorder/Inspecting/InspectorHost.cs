using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Inspector;

namespace Shadowcat.Sessions.Recorder.Inspecting;

/// <summary>Serves the inspector to browsers of this machine.</summary>
internal static class InspectorHost
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    /// <summary>Serves until it is stopped.</summary>
    /// <param name="store">What is shown.</param>
    /// <param name="configure">Says what the page says of it.</param>
    /// <param name="port">Where to listen; 0 for any port that is free.</param>
    /// <param name="onListening">Called with the address to open.</param>
    /// <param name="stop">Ends it, with all pages that are open.</param>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static async Task RunAsync(ISessionStore store, Action<SessionInspectorOptions> configure, int port, Action<Uri> onListening, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopGrace);
        builder.Services.AddSingleton(store);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;

            // A page that is paused reads nothing, and is followed again when it goes on.
            options.Limits.MinResponseDataRate = null;
        });
        await using var application = builder.Build();
        RunToken? token = null;
        application.Use(LoopbackHost.InvokeAsync);
        application.Use((context, next) => token!.InvokeAsync(context, next));
        application.MapSessionInspector("/", configure).AllowAnonymous();
        try
        {
            await application.StartAsync(stop);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new IOException($"cannot listen at port {port} of this machine: {exception.Message} Give --port another number, or leave it out.", exception);
        }

        var address = new Uri(application.Urls.First());
        token = new RunToken(address.Port);
        onListening(new Uri(address, $"/?{RunToken.Parameter}={token}"));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await application.StopAsync(CancellationToken.None);
    }
}
