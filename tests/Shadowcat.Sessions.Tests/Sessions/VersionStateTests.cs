namespace Shadowcat.Sessions.Tests.Sessions;

public sealed class VersionStateTests
{
    private static VersionState Full => new()
    {
        Requested = "2026-07-28",
        Negotiated = "2025-11-25",
        TransportHeader = "2025-06-18",
        Attempts = [new VersionAttempt("2026-07-28"), new VersionAttempt("2025-11-25", "2025-11-25")],
    };

    [Fact]
    public void Equals_SameParts_IsTrue()
    {
        Assert.Equal(Full, Full);
        Assert.Equal(Full.GetHashCode(), Full.GetHashCode());
        Assert.NotEqual(Full, Full with { Requested = null });
        Assert.NotEqual(Full, Full with { Negotiated = "x" });
        Assert.NotEqual(Full, Full with { TransportHeader = "x" });
        Assert.NotEqual(Full, Full with { Attempts = [.. Full.Attempts.Reverse()] });
        Assert.NotEqual(Full, Full with { Attempts = [] });
        Assert.False(Full.Equals(null));
    }

    [Fact]
    public void New_Empty_HasNothing()
    {
        Assert.Empty(new VersionState().Attempts);
        Assert.Null(new VersionState().Requested);
    }

    [Fact]
    public void Attempts_ListChangedAfterwards_Stay()
    {
        var list = new List<VersionAttempt> { new("1") };
        var state = new VersionState { Attempts = list };
        list.Add(new VersionAttempt("2"));

        Assert.Single(state.Attempts);
        Assert.IsNotType<VersionAttempt[]>(state.Attempts);
    }

    [Fact]
    public void Attempts_TooManyOrNull_AreRefused()
    {
        Assert.Equal(64, new VersionState { Attempts = [.. Enumerable.Repeat(new VersionAttempt("1"), 64)] }.Attempts.Count);
        Assert.Throws<ArgumentException>(() => new VersionState { Attempts = [.. Enumerable.Repeat(new VersionAttempt("1"), 65)] });
        Assert.Throws<ArgumentException>(() => new VersionState { Attempts = [null!] });
        Assert.Throws<ArgumentNullException>(() => new VersionState { Attempts = null! });
    }

    // Not in attributes: half of a surrogate pair would not survive there.
    public static TheoryData<string> Invalid => ["", "a\nb", "\ud800", new string('v', VersionState.MaxVersionLength + 1)];

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void Versions_OutOfBounds_AreRefused(string version)
    {
        Assert.ThrowsAny<ArgumentException>(() => new VersionState { Requested = version });
        Assert.ThrowsAny<ArgumentException>(() => new VersionState { Negotiated = version });
        Assert.ThrowsAny<ArgumentException>(() => new VersionState { TransportHeader = version });
        Assert.ThrowsAny<ArgumentException>(() => new VersionAttempt(version));
        Assert.ThrowsAny<ArgumentException>(() => new VersionAttempt("1", version));
    }

    [Fact]
    public void Attempt_WithoutAnswer_HasNone()
    {
        Assert.Null(new VersionAttempt("1").Answered);
        Assert.Equal(("1", "2"), (new VersionAttempt("1", "2").Requested, new VersionAttempt("1", "2").Answered));
        Assert.Equal(new VersionAttempt("1", "2"), new VersionAttempt("1", "2"));
        Assert.Throws<ArgumentNullException>(() => new VersionAttempt(null!));
    }
}
