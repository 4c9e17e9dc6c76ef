using Shadowcat.Sessions.Chaos.Histories;
using static Shadowcat.Sessions.Chaos.Histories.HistoryReply;

namespace Shadowcat.Sessions.Tests.Chaos;

/// <summary>The checker lets sessions end by themselves when the promises say so, by the server's clock, and at no other time.</summary>
public sealed class LifetimeHistoryTests
{
    private static readonly SessionView Fresh = new(1, 1, 0, 0, 0);

    [Theory]
    [InlineData(900, false, false)]
    [InlineData(1100, false, true)]
    [InlineData(990, true, true)]
    [InlineData(1300, true, false)]
    public void Check_OneSecondOfLife_EndsNeitherEarlyNorLate(double moment, bool isLive, bool passes) => Assert.Equal(
        passes ? HistoryVerdict.Linearizable : HistoryVerdict.Broken,
        new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Touch(moment, moment + 1, isLive ? Done : Absent).Check());

    [Fact]
    public void Check_InUse_DoesNotEnd()
    {
        Assert.Equal(HistoryVerdict.Broken, new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Touch(800, 801).Get(1500, 1501, null).Check());
        Assert.Equal(HistoryVerdict.Broken, new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Append(1, 800, 801, 0).Get(1500, 1501, null).Check());
        Assert.Equal(HistoryVerdict.Linearizable, new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Touch(800, 801).Get(1850, 1851, null).Check());
    }

    [Fact]
    public void Check_ReadingIsNoActivity() => Assert.Equal(
        HistoryVerdict.Linearizable, new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Get(800, 801, Fresh).Get(1100, 1101, null).Check());

    [Fact]
    public void Check_Ended_StaysSoAndBeginsAnew()
    {
        var ended = () => new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Append(1, 2, 3, 0).Create(2, 1100, 1101);
        Assert.Equal(HistoryVerdict.Linearizable, ended().Append(2, 1102, 1103, 0).Read(1104, 1105, 0, 2).Check());
        Assert.Equal(HistoryVerdict.Broken, ended().Append(2, 1102, 1103, 1).Check());
        Assert.Equal(HistoryVerdict.Broken, new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Get(1010, 1011, null).Get(1012, 1013, Fresh).Check());
    }

    [Fact]
    public void Check_MaxLifetime_EndsWhateverTheActivity()
    {
        var used = () => new HistoryBuilder().Create(1, 0, 1, maxLifetime: 1000).Touch(900, 901);
        Assert.Equal(HistoryVerdict.Linearizable, used().Get(1010, 1011, null).Check());
        Assert.Equal(HistoryVerdict.Broken, used().Get(950, 951, null).Check());
        Assert.Equal(HistoryVerdict.Broken, used().Get(1300, 1301, Fresh).Check());
    }

    [Fact]
    public void Check_WithoutLifetime_NeverEnds() => Assert.Equal(
        HistoryVerdict.Broken, new HistoryBuilder().Create(1, 0, 1).AppendAs(1, 2, 3, Unknown).Get(1_000_000, 1_000_001, null).Check());

    [Fact]
    public void Check_ClockForward_EndsWhatWasNotUsedSince()
    {
        Assert.Equal(HistoryVerdict.Linearizable, Used().Get(120, 121, null).Check(time: Moved(100, 110, TimeSpan.FromHours(1))));
        Assert.Equal(HistoryVerdict.Broken, Used().Get(120, 121, null).Check());
        Assert.Equal(HistoryVerdict.Broken, Used().Touch(120, 121).Get(400, 401, null).Check(time: Moved(100, 110, TimeSpan.FromHours(1))));
    }

    [Fact]
    public void Check_ClockBackAndForth_ASessionInUseDoesNotEnd()
    {
        ServerTime BackAndForth()
        {
            var time = Moved(100, 110, -TimeSpan.FromHours(1));
            time.Move(HistoryBuilder.At(500), HistoryBuilder.At(510), TimeSpan.Zero);
            return time;
        }

        // Used behind the second move: by the true time it has a second from there.
        Assert.Equal(HistoryVerdict.Broken, Used().Touch(300, 301).Touch(900, 901).Get(1200, 1201, null).Check(time: BackAndForth()));
        Assert.Equal(HistoryVerdict.Linearizable, Used().Touch(300, 301).Touch(900, 901).Get(2000, 2001, null).Check(time: BackAndForth()));

        // Not used since: by the server's clock an hour went by.
        Assert.Equal(HistoryVerdict.Linearizable, Used().Touch(300, 301).Get(520, 521, null).Check(time: BackAndForth()));
    }

    private static HistoryBuilder Used() => new HistoryBuilder().Create(1, 0, 1, timeToLive: 1000).Touch(50, 51);

    private static ServerTime Moved(double begun, double ended, TimeSpan offset)
    {
        var time = new ServerTime();
        time.Move(HistoryBuilder.At(begun), HistoryBuilder.At(ended), offset);
        return time;
    }
}
