using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;

namespace Gateway.Replicas;

/// <summary>One replica: an MCP server like any other, with three lines that put its sessions into the store that all replicas share.</summary>
internal static class Replica
{
    public const string HealthPath = "/health";

    /// <summary>Where developers see the sessions of all replicas.</summary>
    public const string InspectorPath = "/sessions";

    public static WebApplication Create(string redis, string name, string prefix, string environment)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging
            .ClearProviders()
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        builder.Services.AddAuthentication(DemoAuthentication.SchemeName).AddScheme<DemoAuthenticationOptions, DemoAuthentication>(DemoAuthentication.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
        builder.Services.AddShadowcatSessions().UseRedis(options =>
        {
            options.Configuration = redis;
            options.KeyPrefix = prefix;
        });
        builder.Services.AddHealthChecks().AddShadowcatSessions();
        builder.Services.AddSingleton(new ReplicaName(name));
        builder.Services
            .AddMcpServer(options => options.ServerInfo = new Implementation { Name = "gateway", Version = "1.0" })
            .WithHttpTransport()
            .WithTools<ReplicaTools>()
            .WithSessionMigration()
            .WithSessionEventStore()
            .WithSessionRecording();

        // Only the front and programs of this machine call it, and no page that has let its own name point here.
        builder.Services.AddHostFiltering(options => options.AllowedHosts = ["127.0.0.1", "localhost"]);
        var application = builder.Build();
        application.UseHostFiltering();
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapHealthChecks(HealthPath);
        application.MapMcp("/mcp").RequireAuthorization();
        if (application.Environment.IsDevelopment())
        {
            // Elsewhere it does not start without .RequireAuthorization("a policy for operators").
            application.MapSessionInspector(InspectorPath);
        }

        return application;
    }
}
