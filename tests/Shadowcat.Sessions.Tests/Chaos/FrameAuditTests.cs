using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Chaos.Workload;

namespace Shadowcat.Sessions.Tests.Chaos;

/// <summary>The chaos run sees each way in which a store can break its word about frames; else its silence would mean nothing.</summary>
public sealed class FrameAuditTests
{
    private readonly SessionId[] _sessions = [SessionId.New(), SessionId.New()];
    private readonly Ledger _ledger;

    /// <summary>Writer 0 appended a frame, a batch of two, and one that was refused to session 0; writer 1 one frame of unknown outcome.</summary>
    public FrameAuditTests()
    {
        _ledger = new Ledger(_sessions, writers: 2);
        _ledger.End(0, _ledger.Begin(0, session: 0, count: 1), Outcome.Done, 0);
        _ledger.End(0, _ledger.Begin(0, session: 0, count: 2), Outcome.Done, 1);
        _ledger.End(0, _ledger.Begin(0, session: 0, count: 1), Outcome.NotDone, 0);
        _ledger.End(0, _ledger.Begin(0, session: 0, count: 2), Outcome.Unknown, 0);
        _ledger.End(1, _ledger.Begin(1, session: 0, count: 1), Outcome.Unknown, 0);
    }

    [Theory]
    [InlineData("0/0 0/1 0/2")]
    [InlineData("0/0 0/1 0/2 1/0")]
    [InlineData("0/0 0/1 0/2 1/0 0/4 0/5")]
    public void Check_AllThatWasAcknowledged_FindsNothing(string stored)
    {
        Assert.Empty(Audit(stored));
    }

    [Theory]
    [InlineData("0/0 0/1", Breach.Lost)]
    [InlineData("", Breach.Lost)]
    [InlineData("0/0 0/1 0/2 0/0", Breach.Doubled)]
    [InlineData("0/0 0/1 0/2 1/0 1/0", Breach.Doubled)]
    [InlineData("1/0 0/0 0/1 0/2", Breach.Misplaced)]
    [InlineData("0/1 0/2 0/0", Breach.Misplaced)]
    [InlineData("0/0 0/1 0/2 0/4", Breach.Misplaced)]
    [InlineData("0/0 0/1 0/2 0/5", Breach.Misplaced)]
    [InlineData("0/0 0/1 0/2 0/4 1/0 0/5", Breach.Misplaced)]
    [InlineData("0/0 0/1 0/2 0/3", Breach.DoneAllTheSame)]
    [InlineData("0/0 0/1 0/2 7/0", Breach.Changed)]
    [InlineData("0/0 0/1 0/2 0/77", Breach.Changed)]
    public void Check_BrokenWord_IsFound(string stored, Breach expected)
    {
        Assert.Contains(expected, Audit(stored));
    }

    [Fact]
    public void Check_FrameInAnotherSession_IsMisplaced()
    {
        var findings = new Findings();
        new FrameAudit(_ledger, findings, losesNewest: false).Check(1, Frames("0/0"));

        Assert.Equal(1, findings.Of(Breach.Misplaced));
    }

    [Fact]
    public void Check_PayloadCutOff_IsChanged()
    {
        var findings = new Findings();
        new FrameAudit(_ledger, findings, losesNewest: false).Check(0, [Frame(0, Payload.Of(0, 0)[..^1])]);

        Assert.Equal(1, findings.Of(Breach.Changed));
    }

    [Fact]
    public void CheckMissing_WhereServersLoseTheNewest_CountsThemApart()
    {
        var findings = new Findings();
        var audit = new FrameAudit(_ledger, findings, losesNewest: true);
        audit.Check(0, Frames("0/0"));
        audit.CheckMissing();

        Assert.Equal(2, audit.LostByServers.Count);
        Assert.False(findings.Any);
    }

    private IEnumerable<Breach> Audit(string stored)
    {
        var findings = new Findings();
        var audit = new FrameAudit(_ledger, findings, losesNewest: false);
        audit.Check(0, Frames(stored));
        audit.CheckMissing();
        return findings.Counts.Keys;
    }

    private MessageEnvelope[] Frames(string stored) =>
        [.. stored.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((name, place) =>
            Frame(place, Payload.Of(int.Parse(name.Split('/')[0]), int.Parse(name.Split('/')[1]))))];

    private MessageEnvelope Frame(int place, byte[] payload) =>
        FrameFormat.Decode(_sessions[0], place, FrameFormat.Encode(
            new MessageEnvelope(_sessions[0], MessageDirection.Internal, TransportType.Stdio, payload, DateTimeOffset.UnixEpoch)));
}
