using System.Globalization;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A key of the store that holds somebody else's value: every operation either works without it or says so, and changes nothing.</summary>
public sealed class ForeignKeyTests(RedisFixture redis) : SharedServerTest(redis)
{
    /// <summary>An append that finds the deadline due to move, for which it needs the indexes.</summary>
    private const string MovingAppend = "append that moves the deadline";

    private static readonly SessionId Id = new("the-session");

    private static readonly IReadOnlyDictionary<string, Func<RedisSessionStore, Session, Task>> Calls = new Dictionary<string, Func<RedisSessionStore, Session, Task>>(StringComparer.Ordinal)
    {
        ["create"] = (store, _) => store.CreateSessionAsync(new Session(Id, TransportType.Http), Ct).AsTask(),
        ["get"] = (store, _) => store.GetSessionAsync(Id, Ct).AsTask(),
        ["get many"] = (store, _) => store.GetSessionsAsync([Id], Ct).AsTask(),
        ["update"] = (store, session) => store.UpdateSessionAsync(session with { CloseReason = "done", TimeToLive = TimeSpan.FromMilliseconds(90_000) }, Ct).AsTask(),
        ["touch"] = (store, _) => store.TouchSessionAsync(Id, Ct).AsTask(),
        ["delete"] = (store, _) => store.DeleteSessionAsync(Id, Ct).AsTask(),
        ["append"] = (store, _) => store.AddFrameAsync(Make.Frame(Id), Ct).AsTask(),
        [MovingAppend] = (store, _) => store.AddFrameAsync(Make.Frame(Id), Ct).AsTask(),
        ["get frames"] = (store, _) => store.GetFramesAsync(Id, cancellationToken: Ct).ToListAsync(Ct).AsTask(),
        ["count frames"] = (store, _) => store.CountFramesAsync(Id, Ct).AsTask(),
        ["delete frames"] = (store, _) => store.DeleteFramesAsync(Id, cancellationToken: Ct).AsTask(),
        ["delete some frames"] = (store, _) => store.DeleteFramesAsync(Id, 1, Ct).AsTask(),
        ["list"] = (store, _) => store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct).AsTask(),
        ["count"] = (store, _) => store.CountSessionsAsync(Ct).AsTask(),
        ["reap"] = (store, _) => store.ReapExpiredSessionsAsync(Ct).AsTask(),
    };

    /// <summary>Which operations need which key; all others work without it.</summary>
    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var needs = new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["session"] = ["create", "get", "get many", "update", "touch", "delete", "append", MovingAppend, "get frames", "count frames", "delete frames", "delete some frames"],
                ["frames"] = ["get", "get many", "update", "append", MovingAppend, "get frames", "count frames", "delete frames", "delete some frames"],
                ["active"] = ["create*", "delete", "touch", "update", MovingAppend, "reap"],
                ["expiry"] = ["create*", "delete", "touch", "update", MovingAppend, "count", "reap"],
                ["index"] = ["create*", "delete", "touch", "update", MovingAppend, "list", "reap"],
                ["operations"] = ["create*", "delete", "delete*"],
            };
            var cases = new TheoryData<string, string, bool>();
            foreach (var (key, operations) in needs)
            {
                foreach (var operation in Calls.Keys)
                {
                    cases.Add(key, operation, operations.Contains(operation));
                }

                // With a star: on an id that has no session.
                foreach (var operation in operations.Where(operation => operation.EndsWith('*')))
                {
                    cases.Add(key, operation, true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Operation_KeyOfAnotherType_IsRefusedWhereItNeedsTheKeyAndChangesNothing(string key, string operation, bool refused)
    {
        var store = Lab.Store();
        var session = Make.Session();
        if (operation.EndsWith('*'))
        {
            await store.CountSessionsAsync(Ct);
        }
        else
        {
            session = await store.CreateSessionAsync(new Session(Id, TransportType.Http), Ct);
            await store.AddFramesAsync(Id, Make.Frames(Id, 3), Ct);
            if (operation is "append" or MovingAppend)
            {
                await MoveDeadlineAsync(operation == MovingAppend ? TimeSpan.Zero : TimeSpan.FromMinutes(10));
            }
        }

        await OccupyAsync(key);
        var before = await Lab.DumpAsync();

        var exception = await Record.ExceptionAsync(() => Calls[operation.TrimEnd('*')](Lab.Store(), session)); // one that does not know the list yet

        if (refused)
        {
            var refusal = Assert.IsType<SessionSerializationException>(exception);
            Assert.True(refusal.Message.Contains("another type", StringComparison.Ordinal) || refusal.Message.Contains("hold something else", StringComparison.Ordinal), refusal.Message);

            Assert.Equal(before, await Lab.DumpAsync());
        }
        else
        {
            Assert.True(exception is null or SessionAlreadyExistsException, $"{exception}");
        }
    }

    /// <summary>Sets by how much the deadline lies behind the time to live: by nothing where it is due to move; by minutes where it is not, however long a test takes.</summary>
    private async Task MoveDeadlineAsync(TimeSpan beyond)
    {
        var session = Lab.Partition.Session(Id);
        var life = ((string)(await Lab.Database.HashGetAsync(session, "life"))!).Split(' ');
        life[0] = Number(long.Parse(life[1], CultureInfo.InvariantCulture) + long.Parse(life[2], CultureInfo.InvariantCulture) + (long)beyond.TotalMilliseconds);
        await Lab.Database.HashSetAsync(session, "life", string.Join(' ', life));

        static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task OccupyAsync(string which)
    {
        RedisKey key = which switch
        {
            "session" => Lab.Partition.Session(Id),
            "frames" => await Lab.ListKeyAsync(Id),
            "active" => Lab.Partition.Active,
            "expiry" => Lab.Partition.Expiry,
            "index" => Lab.Partition.Index,
            _ => Lab.Partition.Operations,
        };
        await Lab.Database.KeyDeleteAsync(key);
        await Lab.Database.StringSetAsync(key, "somebody else's");
    }
}
