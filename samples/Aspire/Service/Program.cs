using OpenTelemetry;
using Shadowcat.Sessions;

var builder = WebApplication.CreateBuilder(args);
builder.AddShadowcatSessionsClient("sessions");
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 }) // the dashboard of the AppHost
{
    builder.Services.AddOpenTelemetry().UseOtlpExporter();
}

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapPost("/sessions", async (ISessionStore store, CancellationToken cancellationToken) =>
{
    var session = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.StreamableHttp), cancellationToken);
    return Results.Created($"/sessions/{session.Id}", session.Id);
});
app.MapGet("/sessions/{id}", async (SessionId id, ISessionStore store, CancellationToken cancellationToken) =>
    await store.GetSessionAsync(id, cancellationToken) is { } session ? Results.Ok(new { session.Id, session.CreatedAt }) : Results.NotFound());
await app.RunAsync();
