using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that refuses any one command in the middle of a script: the operation is done as a whole, or nothing of it is.</summary>
public sealed partial class RefusedCommandTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly RedisServerKind _kind = redis.Kind;

    private static readonly SessionStoreOptions Bounded = new() { MaxFramesPerSession = 3, MaxFramesBytesPerSession = 100_000 };

    private static readonly IReadOnlyDictionary<string, (string Script, SessionStoreOptions? Options, Func<RedisSessionStore, Session, Task> Call)> Operations =
        new Dictionary<string, (string, SessionStoreOptions?, Func<RedisSessionStore, Session, Task>)>(StringComparer.Ordinal)
        {
            ["create"] = ("create-session", null, (store, _) => store.CreateSessionAsync(new Session(new SessionId("another"), TransportType.Stdio) { TimeToLive = TimeSpan.FromSeconds(5) }, Ct).AsTask()),
            ["update"] = ("update-session", null, (store, session) => store.UpdateSessionAsync(session with { CloseReason = "done" }, Ct).AsTask()),
            ["update of a lifetime"] = ("update-session", null, (store, session) => store.UpdateSessionAsync(session with { TimeToLive = TimeSpan.FromMinutes(3) }, Ct).AsTask()),
            ["touch"] = ("touch-session", null, (store, session) => store.TouchSessionAsync(session.Id, Ct).AsTask()),
            ["delete"] = ("delete-session", null, (store, session) => store.DeleteSessionAsync(session.Id, Ct).AsTask()),
            ["append"] = ("append-frames", null, (store, session) => store.AddFrameAsync(Make.Frame(session.Id, 3), Ct).AsTask()),
            ["append that trims"] = ("append-frames", Bounded, (store, session) => store.AddFramesAsync(session.Id, Make.Frames(session.Id, 2, 3), Ct).AsTask()),
            ["append again"] = ("append-frames", null, (store, session) => ((IRepeatableAppends)store).AppendAsync(
                "AddFrames", session.Id, [new IdempotentFrame(Make.Frame(session.Id, 3))], session.Generation, since: 3, Ct).AsTask()),
            ["delete frames"] = ("delete-frames", null, (store, session) => store.DeleteFramesAsync(session.Id, cancellationToken: Ct).AsTask()),
            ["delete some frames"] = ("delete-frames", Bounded, (store, session) => store.DeleteFramesAsync(session.Id, 2, Ct).AsTask()),
            ["reap"] = ("reap-sessions", null, (store, _) => store.ReapExpiredSessionsAsync(Ct).AsTask()),
        };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Operation_AnyOneCommandRefused_IsDoneAsAWholeOrNotAtAll(string operation)
    {
        Assert.SkipWhen(_kind == RedisServerKind.Garnet, "Garnet asks nobody for rights inside of scripts");
        var (script, options, call) = Operations[operation];
        var refused = 0;
        foreach (var command in CommandsOf(script))
        {
            await using var lab = await RedisLab.OpenAsync(Lab.Configuration);
            var account = $"limited-{Guid.NewGuid():N}";
            await Account.GrantAsync(lab.Server, account, "~*", "&*", "+@all");
            try
            {
                var store = lab.Store($"{lab.Configuration},user={account},password=pass", options, redis => redis.MaxRetries = 0);
                var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(2) }, Ct);
                await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
                await lab.Database.SortedSetAddAsync(lab.Partition.Expiry, "no-session", DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds());
                await lab.Database.ScriptEvaluateAsync(
                    "local life = redis.call('HGET', KEYS[1], 'life') redis.call('PEXPIRE', KEYS[1], 90000) redis.call('PEXPIRE', KEYS[2], 90000) redis.call('HSET', KEYS[1], 'life', string.format('%.0f %s', redis.call('TIME')[1] * 1000 + 90000, string.match(life, ' (.*)'))) redis.call('ZADD', KEYS[3], redis.call('TIME')[1] * 1000 + 90000, ARGV[1])",
                    [lab.Partition.Session(session.Id), await lab.ListKeyAsync(session.Id), lab.Partition.Expiry],
                    [session.Id.Value]);
                await using var stranger = new RedisSessionStore(
                    new RedisSessionStoreOptions { Configuration = $"{lab.Configuration},user={account},password=pass", KeyPrefix = lab.Prefix, MaxRetries = 0 }, options);
                Assert.NotNull(await stranger.GetSessionAsync(session.Id, Ct));
                var before = await lab.DumpAsync();
                await lab.Server.ExecuteAsync("ACL", "SETUSER", account, "-" + command);

                var exception = await Record.ExceptionAsync(() => call(stranger, session));

                if (exception is not null)
                {
                    refused++;
                    Assert.IsAssignableFrom<SessionStoreException>(exception);
                    var after = await lab.DumpAsync();
                    Assert.True(Enumerable.SequenceEqual(before, after), $"{command} refused: {string.Join('\n', after.Except(before))} instead of {string.Join('\n', before.Except(after))}");
                }
            }
            finally
            {
                await lab.Server.ExecuteAsync("ACL", "DELUSER", account);
            }
        }

        Assert.True(refused > 1, "no command was refused");
    }

    [Fact]
    public async Task Follow_AnyOneCommandRefused_LeavesSessionAndFramesAsTheyWere()
    {
        Assert.SkipWhen(_kind == RedisServerKind.Garnet, "Garnet asks nobody for rights inside of scripts");
        var refused = new List<string>();
        foreach (var command in CommandsOf("follow-session"))
        {
            await using var lab = await RedisLab.OpenAsync(Lab.Configuration);
            var account = $"limited-{Guid.NewGuid():N}";
            await Account.GrantAsync(lab.Server, account, "~*", "&*", "+@all");
            try
            {
                var store = lab.Store();
                var session = await store.CreateSessionAsync(Make.Session(), Ct);
                await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
                var options = new RedisSessionStoreOptions { Configuration = $"{lab.Configuration},user={account},password=pass", KeyPrefix = lab.Prefix, MaxRetries = 0 };
                await using var backend = new RedisBackend(RedisConnection.Create(options, NoServices.Instance, NullLogger.Instance), options, NullLogger.Instance, meterFactory: null);
                await backend.GetLayoutAsync(backend.NewCall("Connect"), Ct);
                var before = await lab.DumpAsync();
                await lab.Server.ExecuteAsync("ACL", "SETUSER", account, "-" + command);

                if (await Record.ExceptionAsync(() => new FollowInterest(session.Id).NoteAsync(backend, Ct).AsTask()) is { } exception)
                {
                    refused.Add(command);
                    Assert.IsAssignableFrom<SessionStoreException>(exception);
                    Assert.Equal(before, await lab.DumpAsync());
                }

                Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 3);
            }
            finally
            {
                await lab.Server.ExecuteAsync("ACL", "DELUSER", account);
            }
        }

        Assert.Contains("rename", refused);
    }

    /// <summary>What a script sends, by its text and that of the prelude.</summary>
    private static string[] CommandsOf(string script) =>
        [.. Command().Matches(RedisScript.Load(script)).Select(match => match.Value.Trim('\'').ToLowerInvariant()).Distinct(StringComparer.Ordinal)];

    [GeneratedRegex("'(?:H|Z|S|LL|LR|LT|LIN|P|R|T|U|E)[A-Z]{2,}'", RegexOptions.NonBacktracking)]
    private static partial Regex Command();
}
