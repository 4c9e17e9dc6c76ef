namespace Shadowcat.Sessions.Tests.Listing;

/// <summary>The order of a listing: by creation, and by id where two sessions were created in one millisecond.</summary>
public sealed class SessionPlaceTests
{
    private static readonly SessionPlace[] Ordered =
        [new(-1, new SessionId("z")), new(0, new SessionId("B")), new(0, new SessionId("a")), new(0, new SessionId("b")), new(1, new SessionId("A"))];

    [Fact]
    public void Compare_AnyTwo_IsByCreationThenById()
    {
        for (var i = 0; i < Ordered.Length; i++)
        {
            for (var j = 0; j < Ordered.Length; j++)
            {
                var (left, right) = (Ordered[i], Ordered[j]);
                Assert.Equal((i < j, i <= j, i > j, i >= j), (left < right, left <= right, left > right, left >= right));
                Assert.Equal(i.CompareTo(j), Math.Sign(left.CompareTo(right)));
            }
        }
    }

    [Fact]
    public void Of_Session_IsItsMillisecondAndId()
    {
        var session = new Session(new SessionId("a"), TransportType.Http) { CreatedAt = Make.At.AddTicks(9_999) };

        Assert.Equal(new SessionPlace(Make.At.ToUnixTimeMilliseconds(), session.Id), SessionPlace.Of(session));
        Assert.Throws<ArgumentNullException>(() => SessionPlace.Of(null!));
    }

    /// <summary>Sessions are kept to the millisecond, so a bound between two of them begins at the later one.</summary>
    [Fact]
    public void Range_OfAFilter_IsInWholeMilliseconds()
    {
        var millisecond = Make.At.ToUnixTimeMilliseconds();
        var range = CreationRange.Of(new SessionFilter { CreatedSince = Make.At, CreatedBefore = Make.At.AddTicks(1), Order = SessionOrder.NewestFirst });

        Assert.Equal((SessionOrder.NewestFirst, millisecond, millisecond + 1), (range.Order, range.Since, range.Before));
        Assert.Equal((SessionOrder.OldestFirst, null, null), (CreationRange.Of(SessionFilter.None).Order, CreationRange.Of(SessionFilter.None).Since, CreationRange.Of(SessionFilter.None).Before));
        Assert.Throws<ArgumentNullException>(() => CreationRange.Of(null!));
    }
}
