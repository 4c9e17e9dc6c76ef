using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A server that lost frames which it had acknowledged takes nothing with it that a buffer still has.</summary>
public sealed class LostFramesTests : BufferedStoreTest
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(5, false)]
    [InlineData(5, true)]
    public async Task Append_ToldOfALoss_IsMadeAgainAndStoredOnce(int times, bool isStoredAllTheSame)
    {
        await Store.AddFramesAsync(Session.Id, Make.Frames(Session.Id, 3), Ct);
        (Inner.Losses, Inner.StoresDespiteLoss) = (times, isStoredAllTheSame);

        var accepted = Store.AcceptFrames(Session.Id, Make.Frames(Session.Id, 2, 3)).Stored;
        var awaited = Store.AddFrameAsync(Make.Frame(Session.Id, 5), Ct).AsTask();

        Assert.Equal((3, 5), (await accepted, await awaited));
        await PassingAsync();
        Make.AssertNumbered(await StoredAsync(), 0, 6);
        Assert.Equal((0, 0, 0), (Store.Status.LostFrames, Store.Status.WaitingFrames, Inner.Losses));
        Assert.Equal(times, Log.Entries.Count(entry => entry is { Id.Id: 44, Level: LogLevel.Error }));
        Assert.All(Log.Entries, entry => Assert.DoesNotContain(Session.Id.Value, entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Append_ToldOfALossAfterOneThatWasNotAnswered_IsStoredOnce()
    {
        Inner.Ail(Ailment.SilentThoughDone);
        var accepted = Store.AcceptFrames(Session.Id, Make.Frames(Session.Id, 3)).Stored;
        await OutageAsync();
        Inner.Losses = 1;

        Inner.Ail(Ailment.None);

        Assert.Equal(0, await accepted);
        Make.AssertNumbered(await StoredAsync(), 0, 3);
        Assert.Equal(0, Store.Status.LostFrames);
    }
}
