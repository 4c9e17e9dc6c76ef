using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Stands between clients and a server of Streamable HTTP and changes nothing.</summary>
internal static class HttpProxy
{
    /// <summary>How large a message a client may post.</summary>
    private const long MaxRequestBytes = 256L * 1024 * 1024;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="upstream">The server's endpoint.</param>
    /// <param name="listen">Where to listen; port 0 for any that is free.</param>
    /// <param name="allowed">Names by which clients may call the recorder, or from which their pages may come, beside those of this machine.</param>
    /// <param name="sessions">Finds the recordings.</param>
    /// <param name="diagnostics">Gets what is not recorded.</param>
    /// <param name="onListening">Called with the endpoint for clients.</param>
    /// <param name="stop">Ends it, with all streams that are open.</param>
    /// <exception cref="ProxyException">It cannot listen there.</exception>
    public static async Task RunAsync(
        Uri upstream, Uri listen, IReadOnlyCollection<string> allowed, HttpSessions sessions, TextWriter diagnostics, Action<Uri> onListening, CancellationToken stop)
    {
        using var server = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,

            // The trace of a request is its client's to begin.
            ActivityHeadersPropagator = null,

            // Latin-1 gives every byte its own character and back; so on the other side.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        });
        var forwarder = new HttpForwarder(
            new HttpPath(new HttpEndpoint(upstream), server, new HttpCallers(), sessions, new Notices(diagnostics)), new ClientHosts(listen, allowed));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopGrace);
        builder.WebHost.UseUrls(listen.GetLeftPart(UriPartial.Authority)).ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            options.Limits.MaxRequestBodySize = MaxRequestBytes;
            options.Limits.MinResponseDataRate = null;
        });
        await using var application = builder.Build();
        application.Run(context => forwarder.ForwardAsync(context, stop));
        try
        {
            await application.StartAsync(stop);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            throw new ProxyException($"cannot listen at {listen}: {exception.Message}", exception);
        }

        onListening(new Uri(new Uri(application.Urls.First()), upstream.PathAndQuery));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await application.StopAsync(CancellationToken.None);
    }
}
