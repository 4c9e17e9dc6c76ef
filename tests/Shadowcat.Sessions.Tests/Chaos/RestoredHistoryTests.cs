using Shadowcat.Sessions.Chaos.Histories;
using static Shadowcat.Sessions.Chaos.Histories.HistoryReply;

namespace Shadowcat.Sessions.Tests.Chaos;

/// <summary>The checker lets a server that comes back with an older snapshot lose what came behind it, and nothing else.</summary>
public sealed class RestoredHistoryTests
{
    /// <summary>One frame is in the snapshot and one is lost with the server.</summary>
    private static HistoryBuilder Restored => new HistoryBuilder().Create(1, 0, 1).Append(1, 2, 3, 0).Save(4, 5).Append(2, 6, 7, 1).Restore(8, 9);

    [Fact]
    public void Check_TailLost_Passes()
    {
        Passes(Restored.Read(10, 11, 0, 1).Append(3, 12, 13, 1, client: 1).Read(14, 15, 0, 1, 3));

        // A marker stands for the lost frame where somebody knew of it.
        Passes(Restored.Append(3, 10, 11, 2));
        Passes(new HistoryBuilder().Save(0, 1).Create(1, 2, 3).Restore(4, 5).Get(6, 7, null));
        Passes(new HistoryBuilder().Create(1, 2, 3).Restore(4, 5).Get(6, 7, null));
        Passes(new HistoryBuilder().Create(1, 0, 1).Save(2, 3).Delete(4, 5).Restore(6, 7).Get(8, 9, new SessionView(1, 1, 0, 0, 0)));
    }

    [Fact]
    public void Check_AnythingElse_Breaks()
    {
        Breaks(Restored.Read(10, 11, 0, 1, 2));
        Breaks(Restored.Read(10, 11, 0));
        Breaks(Restored.Append(3, 10, 11, 3));
        Breaks(Restored.Append(3, 10, 11, 1).AppendAs(4, 12, 13, Unknown).Read(14, 15, 0, 1, 3, 4, 4));
    }

    [Fact]
    public void Check_UnderWayThroughTheRestore_MayBeDoneOnceMore()
    {
        var under = () => new HistoryBuilder().Create(1, 0, 1).Save(2, 3).Append(1, 4, 20, 0).Read(5, 6, 0, 1).Restore(8, 9);
        Passes(under().Read(10, 11, 0).Read(21, 22, 0, 1));
        Breaks(under().Read(21, 22, 0, 1, 1));

        // Behind the restore it is done once, as everything is.
        Breaks(new HistoryBuilder().Create(1, 0, 1).Save(2, 3).Restore(4, 5).Append(1, 6, 20, 1).Read(7, 8, 0, 1).Read(21, 22, 0, 1, 1));
    }

    [Fact]
    public void Check_FollowerAcrossALostTail_BreaksWhereItIsNotTold()
    {
        Passes(Restored.Append(3, 10, 11, 1, client: 1).Follow(6.5, 7.5, 0, 1, 2));
        Breaks(Restored.Append(3, 10, 11, 1, client: 1).Append(4, 12, 13, 2, client: 1).Follow(6.5, 14, 0, 1, 2, 4));
    }

    [Fact]
    public void SequenceAudit_OneSequenceForTwoFrames_IsFoundUnlessTheLossWasTold()
    {
        Assert.Single(SequenceAudit.Find(Restored.Append(3, 10, 11, 1).Operations));
        Assert.Empty(SequenceAudit.Find(Restored.Append(3, 10, 11, 1, client: 1).Operations));
        Assert.Empty(SequenceAudit.Find(Restored.AppendAs(3, 10, 11, LossTold).Append(4, 12, 13, 1).Operations));
    }

    private static void Passes(HistoryBuilder history) => Assert.Equal(HistoryVerdict.Linearizable, history.Check());

    private static void Breaks(HistoryBuilder history) => Assert.Equal(HistoryVerdict.Broken, history.Check());
}
