using System.Reflection;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>Whatever happens, tags have one of few values, and nothing says whose session it was or what was in it.</summary>
public sealed class ClosedSetTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Secret = "nobody-may-see";

    private static readonly Dictionary<string, Func<object?, bool>> Sets = new(StringComparer.Ordinal)
    {
        ["db.system.name"] = value => value is "redis" or "shadowcat.memory",
        ["db.namespace"] = value => value is "0",
        ["db.operation.name"] = value => ConstantsOf(typeof(Operations)).Contains(value),
        ["server.address"] = value => value is string,
        ["server.port"] = value => value is int,
        ["error.type"] = value => ErrorTypes.All.Contains(value),
        ["shadowcat.sessions.store"] = value => value is "archive",
        ["shadowcat.sessions.breaker.state"] = value => BreakerState.All.Contains(value),
        ["shadowcat.sessions.cache.result"] = value => CacheResult.All.Contains(value),
    };

    [Fact]
    public async Task Tags_WhateverHappens_AreFromClosedSets()
    {
        using var spans = new Spans();
        using var measured = new Measured();
        await using var shared = new RedisSessionStore(Lab.Connection, null, new RedisSessionStoreOptions { KeyPrefix = Lab.Prefix }, meterFactory: measured);
        await using var dead = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = $"127.0.0.1:{LoopbackPort.NextFree()},password={Secret}", OperationTimeout = TimeSpan.FromMilliseconds(500) }, meterFactory: measured);
        var memory = new InMemorySessionStore(meterFactory: measured);
        using var cached = new CachedSessionStore(memory, meterFactory: measured);

        foreach (var store in (ISessionStore[])[shared, cached, memory, dead])
        {
            await Record.ExceptionAsync(() => EveryOperation.RunAsync(store, Ct));
            var id = new SessionId("id-" + Secret);
            await Record.ExceptionAsync(() => store.CreateSessionAsync(new Session(id, TransportType.Http) { Tags = [Secret], CorrelationKey = Secret }, Ct).AsTask());
            await Record.ExceptionAsync(() => store.AddFrameAsync(Make.Frame(id, System.Text.Encoding.UTF8.GetBytes(Secret)), Ct).AsTask());
            await Record.ExceptionAsync(() => store.GetSessionAsync(id, Ct).AsTask());
            await Record.ExceptionAsync(() => store.CountFramesAsync(new SessionId("missing-" + Secret), Ct).AsTask());
            await Record.ExceptionAsync(() => store.GetFramesAsync(id, FrameRange.From(77), Ct).ToListAsync(Ct).AsTask());
        }

        var tags = measured.All.SelectMany(measurement => measurement.Tags).Concat(spans.All.SelectMany(span => span.TagObjects)).ToList();
        Assert.True(tags.Count > 100);
        Assert.All(tags, tag => Assert.True(Sets.TryGetValue(tag.Key, out var set) && set(tag.Value), $"{tag.Key} is {tag.Value}"));
        Assert.Contains(tags, tag => tag is { Key: "error.type", Value: "Shadowcat.Sessions.SessionStoreUnavailableException" });
        Assert.All(spans.All, span =>
        {
            Assert.DoesNotContain(Secret, span.DisplayName + span.StatusDescription + string.Join(' ', span.TagObjects), StringComparison.Ordinal);
            Assert.Empty(span.Events);
            Assert.Empty(span.Baggage);
        });
    }

    [Fact]
    public void TagNames_OfTheLibrary_AreOfTheseSets() =>
        Assert.Equal(ConstantsOf(typeof(TagNames)).Cast<string>().Append(BreakerState.Tag).Order(StringComparer.Ordinal), Sets.Keys.Order(StringComparer.Ordinal));

    private static List<object?> ConstantsOf(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => field.GetRawConstantValue())];
}
