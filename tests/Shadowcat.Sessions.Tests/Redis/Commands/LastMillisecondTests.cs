using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Calls in the very millisecond in which a session ends for good: whatever may delete a key, nothing is written behind it.</summary>
public sealed class LastMillisecondTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly RedisServerKind _kind = redis.Kind;

    [Theory]
    [InlineData("touch")]
    [InlineData("append")]
    [InlineData("bounded append")]
    [InlineData("update")]
    [InlineData("delete frames")]
    public async Task Call_AgainAndAgainUntilTheGreatestLifetimeEnds_LeavesNothing(string call)
    {
        Assert.SkipWhen(_kind == RedisServerKind.Garnet, "Garnet lets a key expire in the middle of a script; a script sees one moment on all others");
        const int Sessions = 40;
        var options = new SessionStoreOptions { MaxFramesPerSession = call == "bounded append" ? 3 : null };
        var stores = Enumerable.Range(0, Sessions / 10).Select(_ => Lab.Store(options)).ToArray();
        var ids = Make.Sessions(Sessions).Select(session => session with { TimeToLive = TimeSpan.FromMinutes(1), MaxLifetime = TimeSpan.FromMilliseconds(40) }).ToArray();

        await Task.WhenAll(ids.Select((session, i) => HammerAsync(stores[i % stores.Length], session)));

        // It may have been notified of the end in the very millisecond that the server still counts in; what is left without an end stays.
        await Poll.UntilAsync(
            async () => !(await Lab.KeysAsync()).Any(key => key.Contains(":session:", StringComparison.Ordinal) || key.Contains(":frames:", StringComparison.Ordinal)),
            "nothing is left of the sessions");

        async Task HammerAsync(RedisSessionStore store, Session session)
        {
            try
            {
                var current = await store.CreateSessionAsync(session, Ct);
                while (true)
                {
                    switch (call)
                    {
                        case "touch":
                            if (!await store.TouchSessionAsync(session.Id, Ct))
                            {
                                return;
                            }

                            break;
                        case "update":
                            current = await store.UpdateSessionAsync(current with { CloseReason = $"{current.Version}" }, Ct);
                            break;
                        case "delete frames":
                            await store.AddFrameAsync(Make.Frame(session.Id), Ct);
                            await store.DeleteFramesAsync(session.Id, cancellationToken: Ct);
                            break;
                        default:
                            await store.AddFrameAsync(Make.Frame(session.Id), Ct);
                            break;
                    }
                }
            }
            catch (SessionStoreException exception) when (exception is SessionNotFoundException or SessionStoreUnavailableException { OutcomeUnknown: true })
            {
                // It has ended, and that was said. Where another session of its batch had ended a moment before, frames may have been stored first.
            }
        }
    }
}
