using Shadowcat.Sessions.Chaos.Histories;
using static Shadowcat.Sessions.Chaos.Histories.HistoryReply;

namespace Shadowcat.Sessions.Tests.Chaos;

/// <summary>The checker lets pass what the promises allow and nothing else; else its silence would mean nothing.</summary>
public sealed class LinearizabilityCheckerTests
{
    private static HistoryBuilder History => new();

    /// <summary>A life with two frames.</summary>
    private static HistoryBuilder TwoFrames => History.Create(1, 0, 1).Append(1, 2, 3, 0).Append(2, 4, 5, 1);

    [Fact]
    public void Check_OneAfterTheOther_Passes() => Passes(TwoFrames
        .Get(6, 7, new SessionView(1, 1, 0, 0, 2)).Read(8, 9, 0, 1, 2).Count(10, 11, 2)
        .Update(1, 1, 5, 12, 13, seen: new SessionView(1, 2, 5, 0, 2))
        .Update(1, 1, 6, 14, 15, Conflict, new SessionView(1, 2, 5, 0, 2))
        .DeleteFrames(16, 17, before: 1, deleted: 1).Read(18, 19, 1, 2)
        .Delete(20, 21).Delete(22, 23, Absent).Get(24, 25, null).Touch(26, 27, Absent)
        .Create(2, 28, 29).Create(3, 30, 31, Exists).Get(32, 33, new SessionView(2, 1, 0, 0, 0)));

    [Fact]
    public void Check_AtTheSameTime_AnyOrderPasses() => Passes(History.Create(1, 0, 1)
        .Append(1, 2, 10, 1).Append(2, 2, 10, 0, client: 1).Read(3, 9, 0, 2).Get(3, 9, new SessionView(1, 1, 0, 0, 2)));

    [Fact]
    public void Check_EndedWhileItWasRead_PassesOnlyWhereItMayHave()
    {
        Passes(TwoFrames.Delete(6, 10).Get(7, 9, null).AppendAs(3, 7, 9, Absent));
        Breaks(TwoFrames.Delete(8, 10).Get(6, 7, null));
    }

    [Fact]
    public void Check_FrameLost_Breaks()
    {
        Breaks(TwoFrames.Read(6, 7, 0, 1));
        Breaks(TwoFrames.Read(6, 7, 0, 2));
        Breaks(TwoFrames.Count(6, 7, 1));
    }

    [Fact]
    public void Check_FrameDoubled_Breaks()
    {
        Breaks(TwoFrames.Read(6, 7, 0, 1, 2, 2));
        Breaks(TwoFrames.AppendAs(3, 6, 7, Unknown).Read(20, 21, 0, 1, 2, 3, 3));
        Breaks(TwoFrames.AppendAs(3, 6, 7, Unknown).Get(20, 21, new SessionView(1, 1, 0, 0, 4)));
    }

    [Fact]
    public void Check_FramesInAnotherOrder_Breaks()
    {
        Breaks(TwoFrames.Read(6, 7, 0, 2, 1));
        Breaks(History.Create(1, 0, 1).Append([1, 2], 2, 3, 0).Append(3, 2, 3, 1, client: 1));
        Breaks(History.Create(1, 0, 1).Append(1, 2, 9, 1, client: 3, turn: 1).Append(2, 3, 9, 0, client: 3, turn: 2));
    }

    [Fact]
    public void Check_FrameInAnotherLife_Breaks()
    {
        var second = TwoFrames.Append(3, 6, 7, 2).Delete(8, 9).Create(2, 10, 11);
        Breaks(second.Read(12, 13, 0, 3));
        Breaks(TwoFrames.AppendAs(3, 6, 20, Unknown).Read(7, 8, 0, 1, 2, 3).Delete(9, 10).Create(2, 11, 12).Read(13, 14, 0, 3));
    }

    [Fact]
    public void Check_AcceptedForAnEarlierLife_MayNotGetIntoTheNext()
    {
        var accepted = () => TwoFrames.Append(3, 6, 20, 0, life: 1).Delete(7, 8).Create(2, 9, 10);
        Breaks(accepted().Read(21, 22, 0, 3));
        Breaks(TwoFrames.AppendAs(3, 6, 20, Unknown, life: 1).Delete(7, 8).Create(2, 9, 10).Read(21, 22, 0, 3));
        Passes(TwoFrames.AppendAs(3, 6, 20, Absent, life: 1).Delete(7, 8).Create(2, 9, 10).Read(21, 22, 0));

        // Where that life had ended before, it is as good as an append to any.
        Passes(TwoFrames.Delete(6, 7).Append(3, 8, 20, 0, life: 1).Create(2, 9, 10).Read(21, 22, 0, 3));
    }

    [Fact]
    public void Check_UpdateAppliedTwice_Breaks()
    {
        Breaks(History.Create(1, 0, 1).Update(1, 1, 5, 2, 3, Unknown).Get(4, 5, new SessionView(1, 3, 5, 0, 0)));
        Breaks(History.Create(1, 0, 1).Update(1, 1, 5, 2, 3).Update(1, 1, 6, 4, 5));
    }

    [Fact]
    public void Check_ConflictWithNobody_Breaks() => Breaks(
        History.Create(1, 0, 1).Update(1, 1, 5, 2, 9, Conflict, new SessionView(1, 2, 5, 0, 0)).Get(10, 11, new SessionView(1, 2, 5, 0, 0)));

    [Fact]
    public void Check_ConflictThatWasTheUpdateItself_BreaksAlsoBehindOthers() => Breaks(History.Create(1, 0, 1)
        .Update(1, 1, 5, 2, 20, Conflict, new SessionView(1, 3, 6, 0, 0))
        .Update(1, 2, 6, 5, 6, seen: new SessionView(1, 3, 6, 0, 0)).Get(4, 4.5, new SessionView(1, 2, 5, 0, 0)));

    [Fact]
    public void Check_RevivedAfterDelete_Breaks()
    {
        Breaks(TwoFrames.Delete(6, 7).Get(8, 9, new SessionView(1, 1, 0, 0, 2)));
        Breaks(TwoFrames.Delete(6, 7).Create(1, 8, 9));
        Breaks(History.Create(1, 0, 1, Unknown).Get(2, 3, new SessionView(1, 1, 0, 0, 0)).Delete(4, 5).Get(6, 7, new SessionView(1, 1, 0, 0, 0)));
        Passes(TwoFrames.Delete(6, 7).Create(1, 8, 9, Absent));
    }

    [Fact]
    public void Check_StaleRead_Breaks()
    {
        Breaks(TwoFrames.Get(6, 7, new SessionView(1, 1, 0, 0, 1)));
        Breaks(History.Create(1, 0, 1).AppendAs(1, 2, 9, Unknown).Read(3, 4, 0, 1).Read(5, 6, 0));
    }

    [Fact]
    public void Check_FramesDeletedTwice_Breaks()
    {
        Breaks(TwoFrames.DeleteFrames(6, 9, -1, 2).Append(3, 7, 8, 2).Read(10, 11, 3).Get(12, 13, new SessionView(1, 1, 0, 3, 3)).DeleteFrames(14, 15, -1, 1));
        Breaks(TwoFrames.DeleteFrames(6, 9, before: -1, deleted: 1));
    }

    [Fact]
    public void Check_UnknownOutcome_MayBeAnywhereOrNowhere()
    {
        Passes(TwoFrames.AppendAs(3, 6, 7, Unknown).Read(8, 9, 0, 1, 2));
        Passes(TwoFrames.AppendAs(3, 6, 7, Unknown).Read(8, 9, 0, 1, 2, 3));
        Passes(TwoFrames.AppendAs(3, 6, 7, Unknown).Read(8, 9, 0, 1, 2).Read(100, 101, 0, 1, 2, 3));
        Passes(TwoFrames.Delete(6, 7, Unknown).Get(8, 9, new SessionView(1, 1, 0, 0, 2)).Get(10, 11, null));
        Passes(History.Create(1, 0, 1).Update(1, 1, 5, 2, 3, Unknown).Get(4, 5, new SessionView(1, 1, 0, 0, 0)).Get(6, 7, new SessionView(1, 2, 5, 0, 0)));
        Breaks(TwoFrames.AppendAs(3, 6, 7, Unknown).Read(8, 9, 0, 1, 2, 3).Read(10, 11, 0, 1, 2));
        Breaks(TwoFrames.AppendAs(3, 6, 7, Unknown).Read(4, 5, 0, 1, 2, 3));
    }

    [Fact]
    public void Check_NothingWasDoneAsItWasTold_ElseBreaks()
    {
        Passes(TwoFrames.AppendAs(3, 6, 7, NotDone).Read(8, 9, 0, 1, 2));
        Breaks(TwoFrames.AppendAs(3, 6, 7, NotDone).Read(8, 9, 0, 1, 2, 3));
        Breaks(TwoFrames.AppendAs(3, 6, 9, Absent).Delete(7, 8).Read(6.5, 6.9, 0, 1, 2, 3));
    }

    [Fact]
    public void Check_Cap_TrimsOrRefuses()
    {
        var three = () => TwoFrames.Append(3, 6, 7, 2);
        Assert.Equal(HistoryVerdict.Linearizable, three().Read(8, 9, 1, 2, 3).Check(maxFrames: 2));
        Assert.Equal(HistoryVerdict.Broken, three().Read(8, 9, 0, 1, 2, 3).Check(maxFrames: 2));
        Assert.Equal(HistoryVerdict.Broken, three().Check(maxFrames: 2, refuses: true));
        Assert.Equal(HistoryVerdict.Linearizable, TwoFrames.AppendAs(3, 6, 7, Full).Read(8, 9, 0, 1, 2).Check(maxFrames: 2, refuses: true));
        Assert.Equal(HistoryVerdict.Broken, TwoFrames.AppendAs(3, 6, 7, Full).Check(maxFrames: 3, refuses: true));
    }

    [Fact]
    public void Check_Follower_GetsEachFrameOfOneLife()
    {
        Passes(TwoFrames.Follow(2.5, 8, 0, 1, 2));
        Passes(TwoFrames.DeleteFrames(6, 7, -1, 2).Follow(8, 9, 0, 1, 2));
        Breaks(TwoFrames.Follow(2.5, 8, 0, 2));
        Breaks(TwoFrames.Delete(6, 7).Create(2, 8, 9).Append(3, 10, 11, 0).Append(4, 12, 13, 1).Append(5, 14, 15, 2).Follow(3, 16, 0, 1, 2, 5));
    }

    [Fact]
    public void Check_Reduced_KeepsWhatCannotBeExplained()
    {
        var broken = TwoFrames.Count(6, 7, 2).Get(8, 9, new SessionView(1, 1, 0, 0, 2)).Read(10, 11, 0, 1).Append(3, 12, 13, 2).Read(14, 15, 0, 1, 2, 3);

        var reduced = broken.Reduced();

        Assert.Equal([HistoryCall.Create, HistoryCall.Append, HistoryCall.Append, HistoryCall.Read], reduced.Select(operation => operation.Call));
        Assert.Equal(HistoryBuilder.At(10), reduced[^1].Begun);
    }

    [Fact]
    public void Check_NoTime_IsUndecidedAndNotPassed()
    {
        var crowd = History.Create(1, 0, 1);
        for (var client = 0; client < 40; client++)
        {
            crowd.AppendAs(client + 1, 2, 9, Unknown, client: client);
        }

        crowd.Get(10, 11, new SessionView(1, 1, 0, 0, 39)).Get(12, 13, new SessionView(1, 1, 0, 0, 38));

        Assert.Equal(HistoryVerdict.Undecided, LinearizabilityChecker.Check(new SessionModel(new ServerTime()), crowd.Operations, TimeSpan.FromMilliseconds(50)).Verdict);
    }

    private static void Passes(HistoryBuilder history) => Assert.Equal(HistoryVerdict.Linearizable, history.Check());

    private static void Breaks(HistoryBuilder history) => Assert.Equal(HistoryVerdict.Broken, history.Check());
}
