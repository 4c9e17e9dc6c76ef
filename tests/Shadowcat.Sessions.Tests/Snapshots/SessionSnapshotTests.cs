using System.Text;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Snapshots;

/// <summary>What <c>redis-cli HGETALL</c> shows of a session, a field in a line: it stays readable, and is written today as it was then.</summary>
public sealed class SessionSnapshotTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly Guid Generation = new("0123456789abcdef0123456789abcdef");

    // What differs from one run to the next, by the store's clock: the times in it.
    private const string OfTheClock = "life";

    /// <summary>Stands for the fencing token, which is another one each time.</summary>
    private const string Token = "0123456789abcdef";

    private static readonly Dictionary<string, Session> Sessions = new(StringComparer.Ordinal)
    {
        ["minimal"] = new Session(new SessionId("minimal"), TransportType.Stdio) { Generation = Generation, CreatedAt = DateTimeOffset.UnixEpoch, TimeToLive = TimeSpan.FromMinutes(5) },
        ["full"] = Make.FullSession() with { Generation = Generation },
    };

    public static TheoryData<string> Names { get; } = new(Sessions.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Session_OfFormat2_IsReadAsItWasWritten(string name)
    {
        var id = new SessionId("stored");
        var fields = await StoredAsync(name);
        await Lab.Database.HashSetAsync(Lab.Partition.Session(id), [.. fields.Select(field => new HashEntry(field.Key, field.Value))]);

        await Lab.Database.ListRightPushAsync(await Lab.ListKeyAsync(id), "a frame");

        var session = await Lab.Store().GetSessionAsync(id, Ct);

        var expected = Sessions[name];
        Assert.NotNull(session);
        Assert.Equal((expected.Generation, expected.TransportType, expected.Status, expected.State), (session.Generation, session.TransportType, session.Status, session.State));
        Assert.Equal((expected.Boundary, expected.CreatedAt, expected.ClientInfo, expected.ServerInfo), (session.Boundary, session.CreatedAt, session.ClientInfo, session.ServerInfo));
        Assert.Equal((expected.VersionState, expected.Tags, expected.Attributes, expected.Owner), (session.VersionState, session.Tags, session.Attributes, session.Owner));
        Assert.Equal((expected.TransportSessionId, expected.CorrelationKey, expected.CloseReason), (session.TransportSessionId, session.CorrelationKey, session.CloseReason));
        Assert.Equal((expected.TimeToLive, expected.MaxLifetime), (session.TimeToLive, session.MaxLifetime));
        Assert.Equal((2, 1, 0), (session.Version, session.FrameCount, session.FirstSequence));
        Assert.StartsWith($"{session.ExpiresAt.ToUnixTimeMilliseconds()} {session.LastActivity.ToUnixTimeMilliseconds()} ", fields[OfTheClock], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Session_OfFormat2_IsWrittenAsItWas(string name)
    {
        var stored = await StoredAsync(name);
        var written = await WrittenAsync(name);

        Assert.Equal(stored.Keys.Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
        Assert.All(stored.Where(field => field.Key != OfTheClock), field => Assert.Equal(field.Value, written[field.Key]));
        Assert.Equal(stored[OfTheClock].Split(' ').Skip(2).SkipLast(1), written[OfTheClock].Split(' ').Skip(2).SkipLast(1));
    }

    [Fact]
    public void Snapshots_OnDisk_AreAllTested()
    {
        Assert.Equal(Sessions.Keys.Select(name => $"session-2-{name}.txt").Order(StringComparer.Ordinal), SnapshotFiles.Names("session-*").Order(StringComparer.Ordinal));
    }

    private async Task<SortedDictionary<string, string>> StoredAsync(string name)
    {
        var written = await WrittenAsync(name);
        var text = SnapshotFiles.Read($"session-2-{name}.txt", () => Encoding.UTF8.GetBytes(string.Concat(written.Select(field => $"{field.Key} {field.Value}\n"))));
        return new SortedDictionary<string, string>(
            Encoding.UTF8.GetString(text).TrimEnd('\n').Split('\n').Select(line => line.Split(' ', 2)).ToDictionary(field => field[0], field => field[1]), StringComparer.Ordinal);
    }

    /// <summary>The hash of a session that was created, updated once and appended to once.</summary>
    private async Task<SortedDictionary<string, string>> WrittenAsync(string name)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Sessions[name], Ct);
        await store.UpdateSessionAsync(session, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        var hash = await Lab.Database.HashGetAllAsync(Lab.Partition.Session(session.Id));
        await store.DeleteSessionAsync(session.Id, Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Operations);
        return new SortedDictionary<string, string>(
            hash.Select(field => field.Name == "list" ? new HashEntry(field.Name, $"{Token} {field.Value.ToString().Split(' ', 2)[1]}") : field).Where(field => field.Name != "updates" && !field.Name.StartsWith("update ")).ToDictionary(field => field.Name.ToString(), field => field.Value.ToString()),
            StringComparer.Ordinal);
    }
}
