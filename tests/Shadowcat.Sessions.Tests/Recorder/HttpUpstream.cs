using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>A server on loopback that answers as a test says.</summary>
internal sealed class HttpUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpUpstream(WebApplication application) => _application = application;

    public Uri Endpoint => new(new Uri(_application.Urls.First()), "/some/mcp?key=1");

    public static async Task<HttpUpstream> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.ResponseHeaderEncodingSelector = _ => Encoding.UTF8);
        WebApplication application = builder.Build();
        application.Run(answer);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new HttpUpstream(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
