using System.Security.Claims;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Who a session belongs to.</summary>
public sealed class PrincipalsTests
{
    [Fact]
    public void OwnerOf_Nobody_IsNull()
    {
        Assert.Null(Principals.OwnerOf(null));
        Assert.Null(Principals.OwnerOf(new ClaimsPrincipal()));
        Assert.Null(Principals.OwnerOf(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice")]))));
        Assert.Null(Principals.OwnerOf(new ClaimsPrincipal(new ClaimsIdentity([], "test"))));
    }

    [Theory]
    [InlineData(ClaimTypes.NameIdentifier)]
    [InlineData("sub")]
    [InlineData(ClaimTypes.Upn)]
    [InlineData(ClaimTypes.Name)]
    public void OwnerOf_AnyOfTheUsualClaims_IsIt(string type)
    {
        Assert.Equal(new SessionOwner(type, "alice", "i"), Principals.OwnerOf(Principal(new Claim(type, "alice", null, "i"))));
    }

    [Fact]
    public void OwnerOf_SeveralClaims_IsWhatTheSdkGoesBy()
    {
        Assert.Equal("1", Principals.OwnerOf(Principal(new Claim(ClaimTypes.Name, "alice"), new Claim("sub", "2"), new Claim(ClaimTypes.NameIdentifier, "1")))?.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public void OwnerOf_ValueThatNoStoreTakes_IsStillSomebody(string value)
    {
        var owner = Principals.OwnerOf(Principal(new Claim("sub", value)));

        Assert.StartsWith("sha256:", owner?.Value, StringComparison.Ordinal);
        Assert.NotEqual(owner, Principals.OwnerOf(Principal(new Claim("sub", value + "\n"))));
    }

    [Fact]
    public void OwnerOf_HugeValues_AreDifferentOwners()
    {
        Assert.NotEqual(
            Principals.OwnerOf(Principal(new Claim("sub", new string('x', 5000)))), Principals.OwnerOf(Principal(new Claim("sub", new string('x', 5001)))));
    }

    private static ClaimsPrincipal Principal(params Claim[] claims) => new(new ClaimsIdentity(claims, "test"));
}
