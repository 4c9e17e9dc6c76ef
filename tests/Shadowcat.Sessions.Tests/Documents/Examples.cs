using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Garnet;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The examples of the pages, so that they compile and run. <see cref="SnippetTests"/> holds the pages to them.</summary>
internal static class Examples
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
        services.AddShadowcatSessions().WithBuffering();                // with .UseRedis("localhost:6379"), which may be unavailable
        await using var provider = services.BuildServiceProvider();
        var buffer = provider.GetRequiredService<ISessionBuffer>();

        var session = new Session(SessionId.New(), TransportType.Stdio);
        buffer.AcceptSession(session);
        var accepted = buffer.AcceptFrame(new MessageEnvelope(
            session.Id, MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UtcNow));

        long sequence = await accepted.Stored;                          // optional: tells when it is stored, or why not
        console.AppendLine($"{buffer.Status.State}, {buffer.Status.WaitingFrames} frames wait");
        // </buffering>

        Assert.Equal(0, sequence);
        return console.ToString();
    }

    public static async Task<string> ArchiveAsync(ISessionStore store, Session session, ISessionStore otherStore, string path)
    {
        var console = new StringBuilder();
        // <archive>
        await using (var file = SessionArchive.OpenFile(path))                   // readable by its user only; an interrupted export is continued
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

    public static async Task MakeAsync(string path, IConnectionMultiplexer connection)
    {
        // <stores>
        ISessionStore inMemory = new InMemorySessionStore();
        ISessionStore inAFile = new SqliteSessionStore(path);
        await using var onRedis = new RedisSessionStore(connection);
        // </stores>

        Assert.NotNull(inMemory);
        Assert.NotNull(inAFile);
    }

    public static void RegisterEmbedded(IServiceCollection services)
    {
        // <garnet>
        using var garnet = EmbeddedGarnet.Start();                  // on a free port of the loopback
        services.AddShadowcatSessions().UseRedis(garnet.Configuration);
        // </garnet>
    }

    public static void RegisterInAFile(IServiceCollection services)
    {
        // <sqlite>
        services.AddShadowcatSessions().UseSqlite("sessions.db");
        // </sqlite>
    }

    public static void RegisterTelemetry(IServiceCollection services)
    {
        // <telemetry>
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter(SessionTelemetry.MeterName)           // "Shadowcat.Sessions"
                .AddMeter("Shadowcat.Sessions.Mcp", "Shadowcat.Sessions.AspNetCore"))
            .WithTracing(traces => traces.AddSource(SessionTelemetry.ActivitySourceName));
        services.AddHealthChecks().AddShadowcatSessions();
        // </telemetry>
    }

    public static async Task<Session?> GetOwnedAsync(ISessionStore store, SessionId id, ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        // <owned>
        var session = await store.GetOwnedSessionAsync(id, principal, cancellationToken);   // null: there is none, or it is another's
        // </owned>

        return session;
    }

    public static async Task<long> EraseAsync(ISessionStore store, SessionOwner owner, CancellationToken cancellationToken)
    {
        // <erasure>
        var erased = 0L;
        await foreach (var session in store.ListSessionsAsync(new SessionFilter { Owner = owner }, cancellationToken))
        {
            if (await store.DeleteSessionAsync(session.Id, cancellationToken))
            {
                erased++;
            }
        }
        // </erasure>

        return erased;
    }

    public static async Task<string> HandleAsync(ISessionStore store, MessageEnvelope frame, CancellationToken cancellationToken)
    {
        // <errors>
        try
        {
            await store.AddFrameAsync(frame, cancellationToken);
            return "stored";
        }
        catch (SessionNotFoundException)
        {
            return "the session has ended";
        }
        catch (SessionStoreException failure) when (failure.IsTransient)
        {
            return "try again later";            // the store is away, slow or full
        }
        catch (SessionStoreException failure)
        {
            return failure.Reason;               // somebody has to mend something; the text holds no id and no secret
        }
        // </errors>
    }

    /// <summary>What an application has its credentials from.</summary>
    private interface ICredentialSource
    {
        ValueTask<(string User, string Password)> GetAsync(CancellationToken cancellationToken);
    }

    // <decorator>
    private sealed class AuditedStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public long Deleted;

        public override async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            var deleted = await base.DeleteSessionAsync(id, cancellationToken);
            if (deleted)
            {
                Interlocked.Increment(ref Deleted);
            }

            return deleted;
        }
    }
    // </decorator>

#pragma warning disable CA1848 // The example is about the listener; generated logging would be as long again.
    // <listener>
    private sealed class ExpiryLog(ILogger<ExpiryLog> logger) : ISessionExpirationListener
    {
        public ValueTask OnSessionExpiredAsync(SessionId id, CancellationToken cancellationToken)
        {
            logger.LogInformation("A session has expired.");
            return ValueTask.CompletedTask;
        }
    }
    // </listener>
#pragma warning restore CA1848

    public static void RegisterListener(IServiceCollection services)
    {
        // <listening>
        services.AddSingleton<ISessionExpirationListener, ExpiryLog>();
        // </listening>
    }
}
