using System.Globalization;
using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Does one thing after the other to a session, by one store, and notes what it was answered.</summary>
internal sealed class HistoryClient(int number, HistoryStore store, History history, HistoryMix mix, Findings findings, Random random)
{
    private const int LargestBatch = 5;
    private const int LongestTail = 6;

    private readonly List<Task> _accepted = [];
    private Session? _known;
    private Session? _unanswered;
    private int _turn;

    /// <summary>Works until it is stopped; what is under way is waited for.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var following = FollowsToo ? FollowAsync(stopping) : Task.CompletedTask;
        while (!stopping.IsCancellationRequested && history.Count < mix.MostOperations && history.Newest < History.MostLives)
        {
            await DoAsync(Choose());
            await Task.Delay(random.Next((int)mix.Pause.TotalMilliseconds + 1), CancellationToken.None);
        }

        await Task.WhenAll(_accepted);
        await following;
    }

    /// <summary>Looks at the session as it is in the end, until it gets answers.</summary>
    public async Task LookAsync(TimeSpan deadline)
    {
        foreach (var call in (HistoryCall[])[HistoryCall.Get, HistoryCall.Read, HistoryCall.Count])
        {
            while (await DoAsync(call) is HistoryReply.NotDone or HistoryReply.Unknown && Clock.Now < deadline)
            {
                await Task.Delay(mix.Pause, CancellationToken.None);
            }
        }
    }

    private bool FollowsToo => number == 0;

    private HistoryCall Choose()
    {
        // Where it knows of no session, there is most to be learnt by making one.
        if (_known is null && random.Next(3) == 0)
        {
            return HistoryCall.Create;
        }

        var drawn = random.Next(mix.Weights.Values.Sum());
        return mix.Weights.First(weight => (drawn -= weight.Value) < 0).Key;
    }

    private Task<HistoryReply> DoAsync(HistoryCall call) => call switch
    {
        HistoryCall.Create => CreateAsync(),
        HistoryCall.Get => RunAsync(New(call), async noted => Seen(noted, await store.Store.GetSessionAsync(history.Id))),
        HistoryCall.Update => UpdateAsync(),
        HistoryCall.Delete => RunAsync(New(call), async noted => Was(noted, await store.Store.DeleteSessionAsync(history.Id))),
        HistoryCall.Touch => RunAsync(New(call), async noted => Was(noted, await store.Store.TouchSessionAsync(history.Id))),
        HistoryCall.Append => AppendAsync(),
        HistoryCall.Read => ReadAsync(),
        HistoryCall.Count => RunAsync(New(call), async noted => noted with { Number = await store.Store.CountFramesAsync(history.Id) }),
        _ => DeleteFramesAsync(),
    };

    private Task<HistoryReply> CreateAsync()
    {
        // What was not answered is repeated as it is, as the promise says that it may be.
        var session = random.Next(3) > 0 ? _unanswered : null;
        if (session is null)
        {
            session = new Session(history.Id, TransportType.Stdio);
            if (random.Next(4) < mix.MortalOfFour)
            {
                session = random.Next(3) == 0 ? session with { MaxLifetime = mix.TimeToLive * 2 } : session with { TimeToLive = mix.TimeToLive };
            }

            history.Begin(session.Generation);
        }

        var from = session.Generation.GetHashCode() % 3 == 0 ? 7 : 0;
        var noted = New(HistoryCall.Create) with
        {
            Generation = history.LifeOf(session.Generation),
            From = from,
            TimeToLive = session.TimeToLive,
            MaxLifetime = session.MaxLifetime,
        };
        return RunAsync(noted, async operation =>
        {
            _unanswered = session;
            var created = await store.Store.CreateSessionAsync(session, from);
            _unanswered = null;
            return Seen(operation, created);
        });
    }

    private Task<HistoryReply> UpdateAsync()
    {
        if (_known is not { } known)
        {
            return DoAsync(HistoryCall.Get);
        }

        var value = history.NextValue();
        var noted = New(HistoryCall.Update) with { Generation = history.LifeOf(known.Generation), Version = known.Version, Value = value };
        return RunAsync(noted, async operation =>
            Seen(operation, await store.Store.UpdateSessionAsync(known with { CorrelationKey = value.ToString(CultureInfo.InvariantCulture) })));
    }

    private async Task<HistoryReply> AppendAsync()
    {
        var count = random.Next(4) == 0 ? random.Next(2, LargestBatch) : 1;
        var noted = New(HistoryCall.Append) with { Frames = [.. Enumerable.Range(0, count).Select(_ => history.NextFrame())] };
        var frames = noted.Frames.Select(Frame).ToList();
        if (store.Buffer is not { } buffer)
        {
            return await RunAsync(noted, async operation => operation with
            {
                Number = count == 1 ? await store.Store.AddFrameAsync(frames[0]) : await store.Store.AddFramesAsync(history.Id, frames),
            });
        }

        // The life that the process knows is the one that they are meant for, unless another one is about to begin already.
        var life = _known is { } known ? history.LifeOf(known.Generation) : 0;
        noted = noted with { Generation = life == history.Newest ? life : 0, Known = life, Turn = ++_turn };
        var storing = RunAsync(noted, async operation => operation with { Number = await buffer.AcceptFrames(history.Id, frames).Stored });
        if (random.Next(2) == 0)
        {
            return await storing;
        }

        _accepted.Add(storing);
        return HistoryReply.Done;
    }

    private Task<HistoryReply> ReadAsync()
    {
        var noted = New(HistoryCall.Read);
        var choice = random.Next(4);
        var range = choice == 0 ? FrameRange.Last(LongestTail) : choice == 1 && _known?.FrameCount > 0 ? FrameRange.From(random.Next(1, (int)_known.FrameCount + 1)) : default;
        noted = choice == 0 ? noted with { Last = LongestTail } : choice == 1 && _known?.FrameCount > 0 ? noted with { From = range.Start ?? 0 } : noted;
        return RunAsync(noted, async operation => Got(operation, await store.Store.GetFramesAsync(history.Id, range).ToListAsync()));
    }

    private Task<HistoryReply> DeleteFramesAsync()
    {
        long? before = random.Next(4) == 0 || _known is null ? null : random.Next((int)_known.FrameCount + 2);
        return RunAsync(
            New(HistoryCall.DeleteFrames) with { From = before ?? -1 },
            async operation => operation with { Number = await store.Store.DeleteFramesAsync(history.Id, before) });
    }

    /// <summary>Follows the session, again and again; each time is one operation, with all that it received.</summary>
    private async Task FollowAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var noted = New(HistoryCall.Follow);
            var frames = new List<MessageEnvelope>();
            var last = noted.Begun;
            try
            {
                await foreach (var frame in store.Store.FollowFramesAsync(history.Id, cancellationToken: stopping))
                {
                    frames.Add(frame);
                    last = Clock.Now;
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SessionStoreException)
            {
                // How it ended says nothing of what it received; what else may be wrong with it, the other calls show.
            }

            if (frames.Count > 0)
            {
                history.Add(Got(noted, frames) with { Reply = HistoryReply.Done, Ended = last });
            }

            await Task.Delay(mix.Pause, CancellationToken.None);
        }
    }

    private HistoryOperation New(HistoryCall call) => new() { Client = number, Store = store.Name, Call = call, Begun = Clock.Now, Reply = HistoryReply.Done };

    private async Task<HistoryReply> RunAsync(HistoryOperation noted, Func<HistoryOperation, Task<HistoryOperation>> call)
    {
        try
        {
            noted = await call(noted);
        }
#pragma warning disable CA1031 // What is not expected is a finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            noted = Failed(noted, exception);
        }

        noted = noted with { Ended = Clock.Now };
        history.Add(noted);
        store.Note(noted);
        return noted.Reply;
    }

    private HistoryOperation Failed(HistoryOperation noted, Exception exception)
    {
        noted = noted with { Error = $"{exception.GetType().Name}: {exception.Message}" };
        switch (exception)
        {
            case SessionNotFoundException when noted.Call == HistoryCall.Create:
                // It was created, and ended or was deleted before its caller got an answer.
                _unanswered = null;
                return noted with { Reply = HistoryReply.Unknown };
            case SessionNotFoundException:
                _known = null;
                return noted with { Reply = HistoryReply.Absent };
            case SessionAlreadyExistsException:
                _unanswered = null;
                return noted with { Reply = HistoryReply.Exists };
            case SessionConflictException conflict:
                return Seen(noted, conflict.Current) with { Reply = HistoryReply.Conflict };
            case FramesTrimmedException trimmed when noted.Call == HistoryCall.Read:
                return noted with { Reply = HistoryReply.Trimmed, Number = trimmed.FirstSequence };
            case FramesTrimmedException when noted.Call == HistoryCall.Append:
                return noted with { Reply = HistoryReply.Unknown };
            case SessionLimitExceededException { Limit: nameof(SessionStoreOptions.MaxFramesPerSession) }:
                return noted with { Reply = HistoryReply.Full };
            case SessionLimitExceededException:
                return noted with { Reply = HistoryReply.NotDone };
            case SessionTimeoutException:
                return noted with { Reply = HistoryReply.Unknown };
            case SessionStoreUnavailableException unavailable:
                return noted with { Reply = unavailable.OutcomeUnknown ? HistoryReply.Unknown : HistoryReply.NotDone };
            case SessionStoreException when mix.TellsLoss:
                return noted with { Reply = HistoryReply.LossTold };
            default:
                findings.Add(Breach.Error, $"{history.Name}: {noted.Call} was answered {noted.Error} {exception.InnerException?.Message}");
                return noted with { Reply = HistoryReply.Unknown };
        }
    }

    private HistoryOperation Seen(HistoryOperation noted, Session? session)
    {
        _known = session;
        return session is null ? noted with { Reply = HistoryReply.Absent } : noted with
        {
            Seen = new SessionView(
                history.LifeOf(session.Generation), session.Version, int.Parse(session.CorrelationKey ?? "0", CultureInfo.InvariantCulture), session.FirstSequence, session.FrameCount),
        };
    }

    private static HistoryOperation Was(HistoryOperation noted, bool was) => was ? noted : noted with { Reply = HistoryReply.Absent };

    private HistoryOperation Got(HistoryOperation noted, List<MessageEnvelope> frames)
    {
        for (var place = 1; place < frames.Count; place++)
        {
            if (frames[place].Sequence != frames[0].Sequence + place)
            {
                findings.Add(Breach.Misplaced, $"{history.Name}: {noted.Call} by {store.Name} got frame {frames[place].Sequence} behind frame {frames[place - 1].Sequence}.");
            }
        }

        return noted with { Number = frames.Count > 0 ? frames[0].Sequence : 0, Frames = [.. frames.Select(frame => HistoryFrame.NumberOf(frame.Payload.Span))] };
    }

    private MessageEnvelope Frame(int frame) =>
        new(history.Id, MessageDirection.ClientToServer, TransportType.Stdio, HistoryFrame.Of(frame), DateTimeOffset.UnixEpoch);
}
