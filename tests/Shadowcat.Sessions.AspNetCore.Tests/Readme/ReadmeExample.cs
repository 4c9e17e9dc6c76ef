using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.AspNetCore.Tests.Readme;

/// <summary>The example of the README, so that it compiles and runs. <see cref="ReadmeTests"/> holds the README to it.</summary>
internal static class ReadmeExample
{
    public static void Run(IServiceCollection services)
    {
        // <example>
        services.AddShadowcatSessions().UseRedis("localhost:6379");
        services.AddMcpServer().WithHttpTransport()
            .WithSessionMigration()      // any replica goes on with any session
            .WithSessionEventStore()     // clients resume their SSE streams at any replica
            .WithSessionRecording();
        // </example>
    }
}
