using Shadowcat.Sessions.Chaos.Schedules;
using Shadowcat.Sessions.Chaos.Schedules.Judging;

namespace Shadowcat.Sessions.Tests.Chaos.Schedules;

/// <summary>The judge lets pass what a store may do that does one call after the other, and names what it may not.</summary>
public sealed class JudgeTests
{
    private const string Before = "g0 version 1 15 min - 0..2 [0:p1 1:p2]";
    private const string Appended = "g0 version 1 15 min - 0..3 [0:p1 1:p2 2:f1]";

    private static readonly SessionId Id = new("s1");

    [Fact]
    public async Task Find_CallsOneAfterTheOther_FindsNothing()
    {
        var (push, delete) = (New(1, Mutation.Push), New(2, Mutation.Delete));

        Assert.Null(await JudgeAsync(
            Seen(Before), HistoryEvent.Began(push), HistoryEvent.Ended(push, "sequence 2"), Seen(Appended),
            HistoryEvent.Began(delete), HistoryEvent.Ended(delete, "deleted"), Seen(SessionView.None)));
    }

    [Fact]
    public async Task Find_CallsThatOverlap_MayHaveHappenedInEitherOrder()
    {
        var (push, delete) = (New(1, Mutation.Push), New(2, Mutation.Delete));

        Assert.Null(await JudgeAsync(
            HistoryEvent.Began(push), HistoryEvent.Began(delete), HistoryEvent.Ended(delete, "deleted"), Seen(SessionView.None), HistoryEvent.Ended(push, "sequence 2")));
        Assert.Null(await JudgeAsync(
            HistoryEvent.Began(push), HistoryEvent.Began(delete), HistoryEvent.Ended(delete, "deleted"), Seen(SessionView.None), HistoryEvent.Ended(push, "no such session")));
    }

    [Fact]
    public async Task Find_CallsThatDoNotOverlap_HappenedInTheirOrder()
    {
        var (push, delete) = (New(1, Mutation.Push), New(2, Mutation.Delete));

        var verdict = await JudgeAsync(
            HistoryEvent.Began(delete), HistoryEvent.Ended(delete, "deleted"), HistoryEvent.Began(push), HistoryEvent.Ended(push, "sequence 2"), Seen(SessionView.None));

        Assert.Equal((BrokenPromise.WrongResult, Mutation.Push), (verdict!.Promise, verdict.By));
    }

    [Theory]
    [InlineData(Before, Before, null)]
    [InlineData(Before, Appended, null)]
    [InlineData(Appended, Appended, null)]
    [InlineData(Appended, Before, nameof(BrokenPromise.Unexplained))]
    [InlineData(Appended, "g0 version 1 15 min - 0..4 [0:p1 1:p2 2:f1 3:f1]", nameof(BrokenPromise.Twice))]
    public async Task Find_AppendOfUnknownOutcome_HappensNeverOrOnce_AtAnyTime(string first, string second, string? broken)
    {
        var push = New(1, Mutation.Push);

        Assert.Equal(broken, (await JudgeAsync(HistoryEvent.Began(push), HistoryEvent.Ended(push, Call.Unknown), Seen(first), Seen(second)))?.Promise.ToString());
    }

    [Theory]
    [InlineData(Call.NothingDone, Appended)]
    [InlineData("no such session", Appended)]
    [InlineData("sequence 7", Appended)]
    [InlineData("SessionSerializationException: damaged", Before)]
    public async Task Find_CallerWasToldOtherwise_IsAWrongResult(string result, string view)
    {
        var push = New(1, Mutation.Push);

        var verdict = await JudgeAsync(HistoryEvent.Began(push), Seen(view), HistoryEvent.Ended(push, result));

        Assert.Equal((BrokenPromise.WrongResult, Mutation.Push), (verdict!.Promise, verdict.By));
    }

    [Fact]
    public async Task Find_AcknowledgedFrameIsNotThere_IsLost()
    {
        var push = New(1, Mutation.Push);

        Assert.Equal(BrokenPromise.Lost, (await JudgeAsync(HistoryEvent.Began(push), HistoryEvent.Ended(push, "sequence 2"), Seen(Before)))!.Promise);
    }

    [Fact]
    public async Task Find_FrameOfAnEarlierGeneration_IsInAnotherLife_ExceptWhereNobodyWasToldYet()
    {
        var (push, create) = (New(1, Mutation.Push), New(2, Mutation.Create));
        HistoryEvent[] expired = [HistoryEvent.Expired, HistoryEvent.Began(create), HistoryEvent.Ended(create, "created g2"), Seen("g2 version 1 15 min - 200..200 []")];
        var landed = Seen("g2 version 1 15 min - 200..201 [200:f1]");

        Assert.Equal(BrokenPromise.InAnotherLife, (await JudgeAsync([HistoryEvent.Began(push), HistoryEvent.Ended(push, Call.Unknown), .. expired, landed]))!.Promise);
        Assert.Null(await JudgeAsync([HistoryEvent.Began(push), .. expired, HistoryEvent.Ended(push, Call.Unknown), landed]));
        Assert.Null(await JudgeAsync([HistoryEvent.Began(push), .. expired, HistoryEvent.Ended(push, "sequence 200"), landed]));

        // The create may have been carried out before.
        Assert.Null(await JudgeAsync(
            HistoryEvent.Expired, HistoryEvent.Began(create), HistoryEvent.Ended(create, Call.Unknown), HistoryEvent.Began(push), HistoryEvent.Ended(push, Call.Unknown), landed));
    }

    [Fact]
    public async Task Find_FrameInTwoGenerations_IsThereTwice()
    {
        var (push, create) = (New(1, Mutation.Push), New(2, Mutation.Create));

        var verdict = await JudgeAsync(
            HistoryEvent.Began(push), Seen(Appended), HistoryEvent.Expired, HistoryEvent.Began(create), HistoryEvent.Ended(create, "created g2"),
            HistoryEvent.Ended(push, "sequence 200"), Seen("g2 version 1 15 min - 200..201 [200:f1]"));

        Assert.Equal(BrokenPromise.Twice, verdict!.Promise);
    }

    [Fact]
    public async Task Find_CreateThatWasRefused_DoesNothingLater()
    {
        var create = New(1, Mutation.Create);

        var verdict = await JudgeAsync(
            HistoryEvent.Began(create), HistoryEvent.Ended(create, "exists already"), HistoryEvent.Expired, Seen("g1 version 1 15 min - 0..0 []", after: create));

        Assert.Equal((BrokenPromise.AfterRefusal, Mutation.Create), (verdict!.Promise, verdict.By));
    }

    [Fact]
    public async Task Find_WhatExpired_IsGoneAtOnceAndForGood()
    {
        Assert.Null(await JudgeAsync(HistoryEvent.Expired, Seen(SessionView.None)));
        Assert.Equal(BrokenPromise.Unexplained, (await JudgeAsync(HistoryEvent.Expired, Seen(Before)))!.Promise);
        Assert.Equal(BrokenPromise.Unexplained, (await JudgeAsync(Seen(SessionView.None)))!.Promise);
    }

    private static HistoryEvent Seen(string view, Call? after = null) => HistoryEvent.Seen(view, after);

    private static Task<Verdict?> JudgeAsync(params HistoryEvent[] history) => Judge.FindBrokenAsync(Id, history, new ModelAnswers());

    private static Call New(int number, Mutation mutation)
    {
        var call = new Call(number, mutation, Id);
        call.Give(read: null);
        return call;
    }
}
