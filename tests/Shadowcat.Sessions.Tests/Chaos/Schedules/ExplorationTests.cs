using Shadowcat.Sessions.Chaos.Schedules;
using Shadowcat.Sessions.Chaos.Schedules.Exploring;
using Shadowcat.Sessions.Chaos.Schedules.Running;

namespace Shadowcat.Sessions.Tests.Chaos.Schedules;

/// <summary>Schedules are run on a server as they are written, as many as there are; and a store that is broken on purpose is found out.</summary>
public sealed class ExplorationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("A=Touch B=- expire=0 retries=1 breaks=0", 1)]
    [InlineData("A=Touch B=Touch expire=0 retries=1 breaks=0", 2)] // AB BA
    [InlineData("A=Touch,Touch B=Touch expire=0 retries=1 breaks=0", 3)] // AAB ABA BAA
    [InlineData("A=Touch B=- expire=0 retries=1 breaks=1", 3)] // A, and broken: repeated before, and after, the first arrives
    [InlineData("A=Touch B=- expire=0 retries=0 breaks=1", 2)] // A, and broken: not repeated
    [InlineData("A=Touch B=- expire=1 retries=0 breaks=1", 5)] // x in 2 places of the first, in 3 of the other
    [InlineData("A=Push B=Touch expire=0 retries=1 breaks=0", 2)] // A looks and pushes: B before, or behind
    [InlineData("A=Push B=Delete expire=0 retries=1 breaks=0", 3)] // also between, where the session ends
    [InlineData("A=Push B=- expire=1 retries=1 breaks=0", 3)] // x before, between and behind
    [InlineData("A=Push B=Create expire=1 retries=1 breaks=0", 14)] // all 12 orders, and in 2 of them the script that follows a push in vain comes before the create or behind it
    public async Task Run_RunsAllSchedulesOfAPlan(string plan, int count)
    {
        var exploration = await ExploreAsync(plan);

        Assert.Equal((count, 0), (exploration.Schedules, exploration.Broken));
    }

    [Fact]
    public async Task Run_OneSchedule_SaysWhatHappened()
    {
        await using var server = await StartAsync();

        var result = await new Exploration(server.Endpoint, parallel: 1).RunAsync(Schedule.Parse("A=Touch B=Script expire=0 retries=1 breaks=1 | A! B B ~0 A"));

        Assert.Null(result.Broken);
        Assert.Equal(5, result.Log.Count);
        Assert.Contains("Touch(f1): the connection breaks", result.Log[0], StringComparison.Ordinal);
        Assert.EndsWith("Script(f2) ends: sequence 2; then g0 version 1 15 min - 0..3 [0:p1 1:p2 2:f2]", result.Log[2], StringComparison.Ordinal);
        Assert.StartsWith("late: ", result.Log[3], StringComparison.Ordinal);
        Assert.Contains("Touch(f1) ends: touched", result.Log[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A=Touch B=- expire=0 retries=1 breaks=0 | B")]
    [InlineData("A=Touch B=- expire=0 retries=1 breaks=0 | A!")]
    [InlineData("A=Touch B=- expire=0 retries=1 breaks=1 | A! ~1")]
    public async Task Run_StepThatIsNotPossible_SaysWhichAre(string schedule)
    {
        await using var server = await StartAsync();

        var exception = await Assert.ThrowsAsync<FormatException>(() => new Exploration(server.Endpoint, parallel: 1).RunAsync(Schedule.Parse(schedule)));

        Assert.Contains("possible", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StoreThatRepeatsAnAppendBlindly_IsFoundOut()
    {
        var exploration = await ExploreAsync("A=Script B=- expire=0 retries=0 breaks=1", nameof(ISessionStore.AddFrameAsync), static (store, frame) => new ValueTask<long>(RepeatAsync(store, (MessageEnvelope)frame)));

        Assert.Contains("Twice by Script", exploration.Counts.Select(count => count.Key));

        static async Task<long> RepeatAsync(ISessionStore store, MessageEnvelope frame)
        {
            try
            {
                return await store.AddFrameAsync(frame, Ct);
            }
            catch (SessionStoreUnavailableException unavailable) when (unavailable.OutcomeUnknown)
            {
                return await store.AddFrameAsync(frame, Ct);
            }
        }
    }

    [Fact]
    public async Task Run_StoreThatLosesWhatItAcknowledged_IsFoundOut()
    {
        var exploration = await ExploreAsync("A=DeleteFrames B=- expire=0 retries=0 breaks=0", nameof(ISessionStore.DeleteFramesAsync), static (_, _) => new ValueTask<long>(2L));

        Assert.Equal(["Lost by DeleteFrames"], exploration.Counts.Select(count => count.Key));
    }

    [Fact]
    public async Task Run_StoreThatRevives_IsFoundOut()
    {
        var exploration = await ExploreAsync("A=Update B=- expire=1 retries=0 breaks=0", nameof(ISessionStore.UpdateSessionAsync), static (store, session) => new ValueTask<Session>(SaveAsync(store, (Session)session)));

        Assert.Equal((2, 1), (exploration.Schedules, exploration.Broken));
        Assert.EndsWith("x A A", Assert.Single(exploration.Examples).Schedule.ToString(), StringComparison.Ordinal);

        static async Task<Session> SaveAsync(ISessionStore store, Session session)
        {
            try
            {
                return await store.UpdateSessionAsync(session, Ct);
            }
            catch (SessionNotFoundException)
            {
                return await store.CreateSessionAsync(session with { Generation = Guid.NewGuid() }, Ct);
            }
        }
    }

    private static async Task<Exploration> ExploreAsync(string plan, string? call = null, Func<ISessionStore, object, object>? instead = null)
    {
        await using var server = await StartAsync();
        ScheduleRig.StoreFactory? factory = call is null ? null
            : (connection, options, redis) => MeddledStore.Create(new RedisSessionStore(connection, options, redis), call, instead!);
        var exploration = new Exploration(server.Endpoint, parallel: 1, factory);
        await exploration.RunAllAsync([SchedulePlan.Parse(plan)], Ct);
        return exploration;
    }

    private static Task<RedisProcess> StartAsync()
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, "needs a redis-server on the PATH of which nobody else uses a database");
        return RedisProcess.LaunchAsync();
    }
}
