using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// The Redis of ConnectionStrings:sessions where there is one, else one in a container.
IResourceBuilder<IResourceWithConnectionString> sessions = builder.Configuration.GetConnectionString("sessions") is null
    ? builder.AddRedis("sessions")
    : builder.AddConnectionString("sessions");

builder.AddProject<Projects.Service>("service")
    .WithReference(sessions)
    .WaitFor(sessions)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health");

await builder.Build().RunAsync();
