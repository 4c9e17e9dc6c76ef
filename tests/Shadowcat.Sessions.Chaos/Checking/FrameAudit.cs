using Shadowcat.Sessions.Chaos.Workload;

namespace Shadowcat.Sessions.Chaos.Checking;

/// <summary>Compares all frames that the store has with all answers that its writers got.</summary>
internal sealed class FrameAudit(Ledger ledger, Findings findings, bool losesNewest)
{
    private readonly bool[][] _seen = [.. Enumerable.Range(0, ledger.Writers).Select(writer => new bool[ledger.Of(writer).Length])];
    private readonly List<TimeSpan> _lost = [];

    /// <summary>When the frames were acknowledged that the servers themselves lost by a failover.</summary>
    public IReadOnlyList<TimeSpan> LostByServers => _lost;

    /// <summary>Looks through the frames of one of the sessions.</summary>
    public void Check(int session, IReadOnlyList<MessageEnvelope> frames)
    {
        var newest = new (int Number, int Place)[ledger.Writers];
        Array.Fill(newest, (-1, -1));
        for (var place = 0; place < frames.Count; place++)
        {
            var frame = frames[place];
            if (frame.Sequence != place)
            {
                findings.Add(Breach.Misplaced, $"session {session}: the frame at place {place} says sequence {frame.Sequence}.");
            }

            if (!Payload.TryRead(frame.Payload.Span, out var writer, out var number) || writer >= ledger.Writers || number >= ledger.Of(writer).Length)
            {
                findings.Add(Breach.Changed, $"session {session}, frame {place}: nobody wrote that payload.");
                continue;
            }

            Check(session, place, writer, number, newest);
        }
    }

    /// <summary>Looks for what was acknowledged and was in no session; after all sessions were looked through.</summary>
    public void CheckMissing()
    {
        for (var writer = 0; writer < ledger.Writers; writer++)
        {
            var appends = ledger.Of(writer);
            for (var number = 0; number < appends.Length; number++)
            {
                var append = appends[number];
                if (_seen[writer][number])
                {
                    continue;
                }

                if (append.Outcome != Outcome.Done)
                {
                    if (number > append.First && _seen[writer][append.First])
                    {
                        findings.Add(Breach.Misplaced, $"frame {number} of writer {writer} is not there, but its batch is.");
                    }
                }
                else if (losesNewest)
                {
                    _lost.Add(append.Ended);
                }
                else
                {
                    findings.Add(Breach.Lost, $"frame {number} of writer {writer}, acknowledged as frame {append.Sequence} of session {append.Session} at {append.Ended.TotalSeconds:0.000} s, is not there.");
                }
            }
        }
    }

    private void Check(int session, int place, int writer, int number, (int Number, int Place)[] newest)
    {
        var append = ledger.Of(writer)[number];
        var name = $"frame {number} of writer {writer}, found at {place} of session {session},";
        if (_seen[writer][number])
        {
            findings.Add(Breach.Doubled, $"{name} is there twice.");
            return;
        }

        _seen[writer][number] = true;
        if (append.Session != session || (append.Outcome == Outcome.Done && append.Sequence != place))
        {
            findings.Add(Breach.Misplaced, $"{name} was acknowledged as frame {append.Sequence} of session {append.Session}.");
        }

        if (append.Outcome == Outcome.NotDone)
        {
            findings.Add(Breach.DoneAllTheSame, $"{name} had been refused.");
        }

        if (number < newest[writer].Number)
        {
            findings.Add(Breach.Misplaced, $"{name} stands behind frame {newest[writer].Number} of that writer.");
        }

        if (number > append.First && newest[writer] != (number - 1, place - 1))
        {
            findings.Add(Breach.Misplaced, $"{name} does not follow the frame before it in its batch.");
        }

        newest[writer] = (number, place);
    }
}
