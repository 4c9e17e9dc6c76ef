using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Inspector.Tests;

/// <summary>An application that maps the inspector of a store, on Kestrel and a port of its own, and a client of it.</summary>
internal sealed class InspectedApplication : IAsyncDisposable
{
    public const string Path = "/sessions";

    private const string UserHeader = "X-Test-User";

    private readonly WebApplication _application;

    private InspectedApplication(WebApplication application)
    {
        _application = application;
        Address = new Uri(application.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new Uri(Address, Path + "/"),
        };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts it, as an application in production whose page everybody may open.</summary>
    public static Task<InspectedApplication> StartAsync(ISessionStore store, Action<SessionInspectorOptions>? configure = null, Action<IServiceCollection>? services = null) =>
        StartAsync(builder =>
        {
            builder.Services.AddSingleton(store);
            services?.Invoke(builder.Services);
        }, application => application.MapSessionInspector(Path, configure).AllowAnonymous());

    public static async Task<InspectedApplication> StartAsync(Action<WebApplicationBuilder> build, Action<WebApplication> map, string environment = "Production")
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        build(builder);
        var application = builder.Build();
        application.Use(BelieveHeader);
        map(application);
        await application.StartAsync(Ct);
        return new InspectedApplication(application);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, string? user = null)
    {
        using var response = await SendAsync(HttpMethod.Get, path, user);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Ct)).RootElement);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body: null, user, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string? user, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in user is null ? headers : [.. headers, (UserHeader, user)])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    public static ClaimsPrincipal User(string name) => new(new ClaimsIdentity([new Claim("sub", name, ClaimValueTypes.String, "https://issuer.example")], "test"));

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        Client.Dispose();
    }

    private static Task BelieveHeader(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[UserHeader].ToString() is { Length: > 0 } user)
        {
            context.User = User(user);
        }

        return next(context);
    }
}
