using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Documents;

/// <summary>The examples of docs/replicas.md and docs/comparison.md do what these say. That they show them is what SnippetTests holds.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void Example_Run_RegistersWhatItSays()
    {
        var services = new ServiceCollection();

        Examples.Run(services);

        Assert.Contains(services, service => service.ServiceType == typeof(ISessionMigrationHandler));
        Assert.Contains(services, service => service.ServiceType == typeof(ISseEventStreamStore));
    }

    [Fact]
    public async Task Migration_FromACache_KeepsEachMessage()
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        var (store, id) = (new InMemorySessionStore(), SessionId.New());
        var message = """{"jsonrpc":"2.0","method":"ping","id":1}"""u8.ToArray();
        await Examples.SaveInACacheAsync(cache, id.Value, message);
        await Examples.SaveInACacheAsync(cache, id.Value, message);

        await Examples.ImportAsync(cache, store, id);
        await Examples.SaveInAStoreAsync(store, id, message);

        Assert.Equal(3, await store.CountFramesAsync(id, TestContext.Current.CancellationToken));
        Assert.All(
            await store.GetFramesAsync(id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken),
            frame => Assert.Equal(message, frame.Payload.ToArray()));
        Assert.Null(await cache.GetAsync(id.Value, TestContext.Current.CancellationToken));
    }
}
