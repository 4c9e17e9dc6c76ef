namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>What a buffer keeps in mind of which session has an id.</summary>
public sealed class KnownGenerationsTests
{
    private readonly KnownGenerations _known = new();
    private readonly SessionId _id = SessionId.New();

    [Fact]
    public void Read_ThatBeganBeforeSomethingNewerWasSeen_ChangesNothing()
    {
        var (old, next) = (Guid.NewGuid(), Guid.NewGuid());
        var reading = _known.Moment();
        Assert.True(_known.Saw(_id, next, _known.Moment()));

        Assert.False(_known.Saw(_id, old, reading));
        Assert.False(_known.SawNone(_id, reading));
        Assert.Equal(next, _known.Find(_id));
    }

    [Fact]
    public void Read_ThatSawTheSessionBeforeItEnded_DoesNotBringItBack()
    {
        var session = Guid.NewGuid();
        _known.Saw(_id, session, _known.Moment());
        var reading = _known.Moment();
        _known.End(_id);

        Assert.False(_known.Saw(_id, session, reading));
        Assert.Equal(Guid.Empty, _known.Find(_id));
    }

    [Fact]
    public void Reads_AtOnce_OfWhichOneSawASession_KnowThatSession()
    {
        var session = Guid.NewGuid();
        var (seeing, missing) = (_known.Moment(), _known.Moment());
        Assert.True(_known.SawNone(_id, missing));
        Assert.True(_known.Saw(_id, session, seeing));
        Assert.Equal(session, _known.Find(_id));

        missing = _known.Moment();
        Assert.True(_known.Saw(_id, session, _known.Moment()));
        Assert.False(_known.SawNone(_id, missing));
        Assert.Equal(session, _known.Find(_id));

        Assert.True(_known.SawNone(_id, _known.Moment()));
        Assert.Equal(Guid.Empty, _known.Find(_id));
    }

    [Fact]
    public void End_OfAnotherGeneration_ChangesNothing()
    {
        var (old, next) = (Guid.NewGuid(), Guid.NewGuid());
        _known.Saw(_id, next, _known.Moment());

        _known.End(_id, old);
        Assert.Equal(next, _known.Find(_id));
        _known.End(_id, next);
        Assert.Equal(Guid.Empty, _known.Find(_id));
    }

    [Fact]
    public void Ids_ManyMoreThanTheBound_KeepThoseThatAreUsed()
    {
        var used = Guid.NewGuid();
        _known.Saw(_id, used, _known.Moment());
        var ids = Enumerable.Range(0, 200_000).Select(_ => SessionId.New()).ToList();
        for (var i = 0; i < ids.Count; i++)
        {
            _known.Saw(ids[i], used, _known.Moment());
            Assert.True(i % 1000 != 0 || _known.Find(_id) == used);
        }

        Assert.InRange(ids.Count(id => _known.Find(id) != Guid.Empty), 10_000, 40_000);
        Assert.Equal(used, _known.Find(ids[^1]));
    }
}
