using System.Text;
using Shadowcat.Sessions.FSharp;

namespace Shadowcat.Sessions.Tests.Sessions;

/// <summary>The model in F#, which has no <c>with</c> for it: a project in F# makes values and changes them, and nothing else changes with that.</summary>
public sealed class FSharpTests
{
    private static readonly Session Full = Make.FullSession() with { Version = 7, FrameCount = 6, FirstSequence = 5, LastActivity = Make.At, ExpiresAt = Make.At.AddHours(1), CloseReason = "why" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Session_Made_IsAsInCSharp()
    {
        var (id, owner) = (SessionId.New(), new SessionOwner("sub", "alice", "https://issuer.example/"));

        var session = Changes.describe(id, owner);

        Assert.Equal(new Session(id, TransportType.Stdio) { Generation = session.Generation, Owner = owner, TimeToLive = TimeSpan.FromMinutes(5) }, session);
    }

    [Fact]
    public void Session_Changed_IsWhatWithMakes()
    {
        Assert.Equal(Full with { State = SessionState.Active, Tags = ["changed"] }, Changes.activate(Full, "changed"));
        Assert.Equal(Full with { ClientInfo = null, CloseReason = null, TimeToLive = null }, Changes.forget(Full));
    }

    [Fact]
    public void Session_UnderAnotherId_IsAnotherSession()
    {
        var id = SessionId.New();

        var other = Changes.rename(Full, id);

        Assert.Equal(id, other.Id);
        Assert.NotEqual(Full.Generation, other.Generation);
        Assert.Equal(
            Full with { Version = 0, FrameCount = 0, FirstSequence = 0, LastActivity = default, ExpiresAt = default },
            new Session(other, Full.Id) with { Generation = Full.Generation });
        Assert.Equal(Full, Changes.rename(Full, Full.Id));
    }

    [Fact]
    public void Frame_Changed_IsWhatWithMakes()
    {
        var frame = Make.FullFrame(Full.Id) with { Sequence = 3 };
        var payload = Encoding.UTF8.GetBytes("""{"redacted":true}""");

        Assert.Equal(frame with { Payload = payload, Flags = frame.Flags | MessageFlags.Redacted }, Changes.redact(frame, payload));
        Assert.Equal(frame with { Direction = MessageDirection.ServerToClient, ExchangeId = "exchange-1" }, Changes.answer(frame));
    }

    [Fact]
    public void Copy_OfEverything_IsEqualAndAnotherObject()
    {
        var frame = Make.FullFrame(Full.Id);

        Assert.Equal(Full, new Session(Full));
        Assert.NotSame(Full, new Session(Full));
        Assert.Equal(frame, new MessageEnvelope(frame));
        Assert.NotSame(frame, new MessageEnvelope(frame));
    }

    [Fact]
    public void Copy_OfNothing_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new Session(null!));
        Assert.Throws<ArgumentNullException>(() => new MessageEnvelope(null!));
        Assert.Throws<ArgumentException>(() => new Session(Full, default(SessionId)));
    }

    [Fact]
    public async Task Session_UpdatedInAStore_IsChanged()
    {
        var store = new InMemorySessionStore();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        var updated = await Changes.update(store, session.Id, "changed", Ct);

        Assert.Equal((2, "changed", SessionState.Active), (updated.Version, Assert.Single(updated.Tags).Value, updated.State));
        Assert.Equal(updated, await store.GetSessionAsync(session.Id, Ct));
    }
}
