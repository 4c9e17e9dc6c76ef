using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What the recorders of one test wrote; gone when the test is.</summary>
internal sealed class RecordedStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public RecordedStore(string redis)
    {
        Redis = redis;
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseRedis(redis);
        _services = services.BuildServiceProvider();
    }

    /// <summary>The server to record into.</summary>
    public string Redis { get; }

    /// <summary>The label of the sessions of this test.</summary>
    public string Tag { get; } = $"test-{Guid.NewGuid():N}";

    public ISessionStore Store => _services.GetRequiredService<ISessionStore>();

    /// <summary>The arguments that record <paramref name="server"/> into this store.</summary>
    public string[] Record(params string[] server) => ["record", "--redis", Redis, "--tag", Tag, "--", .. server];

    public async Task<Session> GetSessionAsync() => Assert.Single(await GetSessionsAsync());

    public async Task<List<MessageEnvelope>> GetFramesAsync()
    {
        Session session = await GetSessionAsync();
        return await Store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync();
    }

    /// <summary>The messages of one direction as they were on the wire.</summary>
    public async Task<byte[]> GetWireAsync(MessageDirection direction)
    {
        using var wire = new MemoryStream();

        foreach (MessageEnvelope frame in await GetFramesAsync())
        {
            if (frame.Direction == direction)
            {
                wire.Write(frame.Payload.Span);

                if (!frame.Metadata.ContainsKey("stdio.terminator"))
                {
                    wire.WriteByte((byte)'\n');
                }
            }
        }

        return wire.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Session session in await GetSessionsAsync())
        {
            await Store.DeleteSessionAsync(session.Id);
        }

        await _services.DisposeAsync();
    }

    private async Task<List<Session>> GetSessionsAsync() =>
        await Store.ListSessionsAsync(new SessionFilter { Tags = [Tag] }).ToListAsync();
}
