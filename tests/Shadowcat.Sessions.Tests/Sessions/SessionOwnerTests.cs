using System.Security.Claims;

namespace Shadowcat.Sessions.Tests.Sessions;

/// <summary>Who a principal is, and what is his.</summary>
public sealed class SessionOwnerTests
{
    private static readonly Session Alices = new(new SessionId("a"), TransportType.StreamableHttp) { Owner = new SessionOwner("sub", "alice", "https://one.example") };

    [Fact]
    public void From_NobodyAuthenticated_IsNull()
    {
        Assert.Null(SessionOwner.From(null));
        Assert.Null(SessionOwner.From(new ClaimsPrincipal()));
        Assert.Null(SessionOwner.From(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice")]))));
        Assert.Null(SessionOwner.From(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice")])), "sub"));
    }

    [Fact]
    public void From_NoIdentifyingClaim_IsNull()
    {
        Assert.Null(SessionOwner.From(Principal()));
        Assert.Null(SessionOwner.From(Principal(new Claim(ClaimTypes.Name, "alice"), new Claim(ClaimTypes.Email, "alice@example.org"), new Claim(ClaimTypes.Role, "sub"))));
        Assert.Null(SessionOwner.From(Principal(new Claim("sub", "alice")), "oid"));
    }

    [Theory]
    [InlineData(ClaimTypes.NameIdentifier)]
    [InlineData("sub")]
    [InlineData(ClaimTypes.Upn)]
    public void From_AnIdentifyingClaim_IsItWithItsIssuer(string type)
    {
        Assert.Equal(new SessionOwner(type, "alice", "i"), SessionOwner.From(Principal(new Claim(type, "alice", null, "i"))));
    }

    [Fact]
    public void From_SeveralClaims_IsTheBest()
    {
        Assert.Equal("1", SessionOwner.From(Principal(new Claim(ClaimTypes.Upn, "3"), new Claim("sub", "2"), new Claim(ClaimTypes.NameIdentifier, "1")))?.Value);
        Assert.Equal("2", SessionOwner.From(Principal(new Claim(ClaimTypes.Upn, "3"), new Claim("sub", "2")))?.Value);
    }

    [Fact]
    public void From_NamedClaim_IsIt()
    {
        Assert.Equal(new SessionOwner("oid", "7", "i"), SessionOwner.From(Principal(new Claim("sub", "alice"), new Claim("oid", "7", null, "i")), "oid"));
        Assert.Throws<ArgumentException>(() => SessionOwner.From(Principal(), ""));
        Assert.Throws<ArgumentNullException>(() => SessionOwner.From(Principal(), null!));
    }

    [Fact]
    public void From_SeveralIdentities_IsTheFirstAuthenticatedOneThatIdentifies()
    {
        var unauthenticated = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "mallory")]);
        var nameless = new ClaimsIdentity([new Claim(ClaimTypes.Name, "somebody")], "device");
        var alice = new ClaimsIdentity([new Claim("sub", "alice")], "bearer");
        var bob = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "bob")], "cookie");

        Assert.Equal("alice", SessionOwner.From(new ClaimsPrincipal([unauthenticated, nameless, alice, bob]))?.Value);
        Assert.Equal("bob", SessionOwner.From(new ClaimsPrincipal([bob, alice]))?.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public void From_ValueThatNoStoreTakes_IsStillSomebody(string value)
    {
        var owner = SessionOwner.From(Principal(new Claim("sub", value)));

        Assert.StartsWith("sha256:", owner?.Value, StringComparison.Ordinal);
        Assert.NotEqual(owner, SessionOwner.From(Principal(new Claim("sub", value + "\n"))));
    }

    [Fact]
    public void From_HugeOrBrokenValues_AreToldApart()
    {
        var huge = SessionOwner.From(Principal(new Claim("sub", new string('x', 5000))));

        Assert.NotEqual(huge, SessionOwner.From(Principal(new Claim("sub", new string('x', 5001)))));
        Assert.NotEqual(huge, SessionOwner.From(Principal(new Claim("sub", huge!.Value))));
        Assert.NotEqual(SessionOwner.From(Principal(new Claim("sub", "\uD800"))), SessionOwner.From(Principal(new Claim("sub", "\uD801"))));
    }

    [Fact]
    public void IsOwnedBy_TheOwner_IsTrue()
    {
        Assert.True(Alices.IsOwnedBy(new SessionOwner("sub", "alice", "https://one.example")));
        Assert.True(Alices.IsOwnedBy(Principal(new Claim("sub", "alice", null, "https://one.example"), new Claim(ClaimTypes.Role, "admin"))));
    }

    [Fact]
    public void IsOwnedBy_SomebodyElse_IsFalse()
    {
        Assert.All(
            [
                Principal(new Claim("sub", "bob", null, "https://one.example")),
                Principal(new Claim("sub", "Alice", null, "https://one.example")),
                Principal(new Claim("sub", "alice", null, "https://two.example")),
                Principal(new Claim("sub", "alice")),
                Principal(new Claim(ClaimTypes.NameIdentifier, "alice", null, "https://one.example")),
                Principal(new Claim(ClaimTypes.Name, "alice", null, "https://one.example")),
                new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice", null, "https://one.example")])),
                new ClaimsPrincipal(),
            ],
            principal => Assert.False(Alices.IsOwnedBy(principal)));
    }

    [Fact]
    public void IsOwnedBy_SessionOfNobody_IsFalseForEverybody()
    {
        var nobodys = Alices with { Owner = null };

        Assert.False(nobodys.IsOwnedBy(Alices.Owner!));
        Assert.False(nobodys.IsOwnedBy(Principal(new Claim("sub", "alice", null, "https://one.example"))));
        Assert.False(nobodys.IsOwnedBy(new ClaimsPrincipal()));
    }

    [Fact]
    public void IsOwnedBy_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => Alices.IsOwnedBy((SessionOwner)null!));
        Assert.Throws<ArgumentNullException>(() => Alices.IsOwnedBy((ClaimsPrincipal)null!));
    }

    private static ClaimsPrincipal Principal(params Claim[] claims) => new(new ClaimsIdentity(claims, "test"));
}
