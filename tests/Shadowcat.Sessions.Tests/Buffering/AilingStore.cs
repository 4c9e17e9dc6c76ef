using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A store in memory that is away, or does not say what it has done, when the test says so.</summary>
internal sealed class AilingStore(SessionStoreOptions? options = null) : ForwardingStore(options), IRepeatableAppends, ISessionChanges
{
    private int _calls;

    /// <summary>What is wrong at a call for a session.</summary>
    public Func<SessionId, Ailment> Ailing { get; set; } = static _ => Ailment.None;

    /// <summary>What is wrong at a call of an operation, besides.</summary>
    public Func<string, Ailment> AilingOperation { get; set; } = static _ => Ailment.None;

    /// <summary>Holds up a call before it is carried out, where the test says so.</summary>
    public Func<string, Task> Asking { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Comes before each call.</summary>
    public Action<string, SessionId> Calling { get; set; } = static (_, _) => { };

    /// <summary>Holds up the answer of a call, where the test says so.</summary>
    public Func<string, Task> Answering { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What every call fails with, whatever ails.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How many appends are to say yet that the server lost frames.</summary>
    public int Losses { get; set; }

    /// <summary>Whether those store what they were given all the same.</summary>
    public bool StoresDespiteLoss { get; set; }

    /// <summary>How many calls there were that change something or read a session.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public long ReceivedUntil => long.MaxValue;

    public void Ail(Ailment ailment) => Ailing = _ => ailment;

    public IDisposable Subscribe(ISessionChangeListener listener) => ((ISessionChanges)Backend).Subscribe(listener);

    public long EarliestTimestampOf(DateTimeOffset moment) => ((ISessionChanges)Backend).EarliestTimestampOf(moment);

    public ValueTask<long> AppendAsync(string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken) =>
        CallAsync(operation, id, async () =>
        {
            var loses = Losses > 0;
            Losses -= loses ? 1 : 0;
            var sequence = loses && !StoresDespiteLoss ? 0 : await ((IRepeatableAppends)Backend).AppendAsync(operation, id, frames, generation, since, cancellationToken);
            return loses ? throw new FramesLostException(operation, id, 0, "frames are gone.") : sequence;
        });

    protected override async ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call)
    {
        Interlocked.Increment(ref _calls);
        var asking = Asking(operation);
        await Task.Yield();
        await asking;
        Calling(operation, id);
        if (Failure is { } failure)
        {
            throw failure;
        }

        var ailment = AilingOperation(operation) is not Ailment.None and var ailing ? ailing : Ailing(id);
        var result = ailment is Ailment.None or Ailment.SilentThoughDone or Ailment.BrokenThoughDone ? await call() : default!;
        await Answering(operation);
        return ailment switch
        {
            Ailment.Away => throw new SessionStoreUnavailableException(operation, id, "it is away.", outcomeUnknown: false),
            Ailment.Silent or Ailment.SilentThoughDone => throw new SessionTimeoutException(operation, id, TimeSpan.FromSeconds(1)),
            Ailment.BrokenThoughDone => throw new SessionStoreUnavailableException(operation, id, "the connection broke.", outcomeUnknown: true),
            Ailment.Full => throw new SessionLimitExceededException(operation, id, "maxmemory", "the server is full."),
            _ => result,
        };
    }
}
