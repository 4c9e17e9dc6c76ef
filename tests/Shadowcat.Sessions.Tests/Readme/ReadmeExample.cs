using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.Tests.Readme;

/// <summary>The example of the README, so that it compiles and runs. <see cref="ReadmeTests"/> holds the README to it.</summary>
internal static class ReadmeExample
{
    public static async Task<string> RunAsync(IServiceCollection services)
    {
        var console = new StringBuilder();
        // <example>
        services.AddShadowcatSessions();                                // in memory; on Redis: .UseRedis("localhost:6379"). Sessions live for an hour after their last activity
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<ISessionStore>();

        var session = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio) { Tags = ["demo"] });
        var payload = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray();
        await store.AddFrameAsync(new MessageEnvelope(
            session.Id, MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UtcNow));
        await store.UpdateSessionAsync(session.Id, current => current with { State = SessionState.Active });

        await foreach (var frame in store.GetFramesAsync(session.Id))
        {
            console.AppendLine($"{frame.Sequence} {frame.Direction} {frame.Method}");
        }
        // </example>

        return console.ToString();
    }

    public static async Task<string> AcceptAsync(IServiceCollection services)
    {
        var console = new StringBuilder();
        var payload = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray();
        // <buffering>
        services.AddShadowcatSessions().WithBuffering();                // with .UseRedis("localhost:6379"), that may be away
        await using var provider = services.BuildServiceProvider();
        var buffer = provider.GetRequiredService<ISessionBuffer>();

        var session = new Session(SessionId.New(), TransportType.Stdio);
        buffer.AcceptSession(session);
        var accepted = buffer.AcceptFrame(new MessageEnvelope(
            session.Id, MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UtcNow));

        long sequence = await accepted.Stored;                          // to know what became of it; nobody has to
        console.AppendLine($"{buffer.Status.State}, {buffer.Status.WaitingFrames} frames wait");
        // </buffering>

        Assert.Equal(0, sequence);
        return console.ToString();
    }

    public static async Task<string> ArchiveAsync(ISessionStore store, Session session, ISessionStore otherStore, string path)
    {
        var console = new StringBuilder();
        // <archive>
        await using (var file = SessionArchive.OpenFile(path))                   // for its user alone; what an interrupted export left in it is continued
        {
            await store.ExportSessionAsync(session.Id, file);                    // all that match: ExportSessionsAsync(filter, file)
        }

        await using (var file = File.OpenRead(path))                             // an interrupted import is continued by importing once more
        {
            var done = await otherStore.ImportSessionsAsync(file);
            console.AppendLine($"{done.Sessions} sessions, {done.Frames} frames, {done.Bytes} bytes");
        }
        // </archive>

        return console.ToString();
    }

    public static void RegisterCached(IServiceCollection services)
    {
        // <caching>
        services.AddShadowcatSessions().UseRedis("localhost:6379").WithCaching();
        // </caching>
    }

    public static void RegisterOverTls(IServiceCollection services)
    {
        // <tls>
        services.AddShadowcatSessions().UseRedis(options =>
        {
            options.Configuration = "redis.internal:6380,ssl=true";
            options.ConfigureConnection = connection =>
            {
                connection.TrustIssuer("authority.pem");
                connection.SetUserPemCertificate("client.pem", "client.key");
            };
        });
        // </tls>
    }

    public static void RegisterWithCredentialsThatChange(IServiceCollection services)
    {
        // <credentials>
        services.AddShadowcatSessions().UseRedis(options =>
        {
            options.Configuration = "redis.internal:6380,ssl=true";
            options.ConfigureConnectionAsync = async (connection, provider, cancellationToken) =>
            {
                var credentials = await provider.GetRequiredService<ICredentialSource>().GetAsync(cancellationToken);
                (connection.User, connection.Password) = (credentials.User, credentials.Password);
            };
        });
        // </credentials>
    }

    public static void RegisterEncrypted(IServiceCollection services)
    {
        // <encryption>
        services.AddDataProtection().SetApplicationName("gateway");     // and .PersistKeysTo…: keys have to outlive the sessions
        services.AddShadowcatSessions().UseRedis("localhost:6379").WithDataProtection().WithCaching();
        // </encryption>
    }

    public static void RegisterOwn(IServiceCollection services)
    {
        // <own>
        services.AddShadowcatSessions()
            .UseStore(provider => new InMemorySessionStore())           // or one that you wrote
            .WithCaching()
            .Decorate((provider, inner) => new AuditedStore(inner));    // outermost; derives from DelegatingSessionStore
        // </own>
    }

    public static void RegisterConfigured(IServiceCollection services, IConfiguration configuration)
    {
        // <configured>
        services.AddShadowcatSessions(configuration.GetSection("Shadowcat:Sessions")).UseRedis().WithCaching();
        // </configured>
    }

    public static void RegisterSeveral(IServiceCollection services, IConfiguration configuration)
    {
        // <several>
        services.AddShadowcatSessions().UseRedis("localhost:6379").WithCaching();
        services.AddShadowcatSessions("archive", configuration.GetSection("Shadowcat:Archive")).UseRedis().WithDataProtection();
        services.AddHealthChecks().AddShadowcatSessions().AddShadowcatSessions(storeName: "archive");
        // </several>
    }

    /// <summary>What an application has its credentials from.</summary>
    private interface ICredentialSource
    {
        ValueTask<(string User, string Password)> GetAsync(CancellationToken cancellationToken);
    }

    private sealed class AuditedStore(ISessionStore inner) : DelegatingSessionStore(inner);
}
