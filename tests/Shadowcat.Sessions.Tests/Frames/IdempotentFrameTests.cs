namespace Shadowcat.Sessions.Tests.Frames;

public sealed class IdempotentFrameTests
{
    private static readonly MessageEnvelope Frame = Make.Frame(new SessionId("s"));

    [Fact]
    public void New_SameFrameTwice_HasTwoKeys()
    {
        Assert.NotEqual(new IdempotentFrame(Frame).Key, new IdempotentFrame(Frame).Key);
        Assert.NotEqual(IdempotentFrame.NewKey(), IdempotentFrame.NewKey());
    }

    [Fact]
    public void New_AnotherFormOfAFrame_HasItsKey()
    {
        var other = Frame with { Payload = "encrypted"u8.ToArray() };
        var frame = new IdempotentFrame(other, key: 7);

        Assert.Equal((other, 7UL), (frame.Envelope, frame.Key));
    }

    [Fact]
    public void Copy_PayloadChangesLater_KeepsWhatWasCopied()
    {
        var payload = "payload"u8.ToArray();
        var copy = IdempotentFrame.Copy(Frame with { Payload = payload });

        payload[0] = 0;

        Assert.True(copy.Envelope.Payload.Span.SequenceEqual("payload"u8));
    }

    [Fact]
    public void New_OfNothing_IsRefused()
    {
        Assert.Equal("envelope", Assert.Throws<ArgumentNullException>(() => new IdempotentFrame(null!)).ParamName);
        Assert.Equal("envelope", Assert.Throws<ArgumentNullException>(() => new IdempotentFrame(null!, key: 7)).ParamName);
        Assert.Equal("envelope", Assert.Throws<ArgumentNullException>(() => IdempotentFrame.Copy(null!)).ParamName);
    }
}
