using System.Collections.Concurrent;
using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>Creates sessions, appends to them, updates them, and deletes them or lets them expire; a step that failed is repeated until its outcome is known.</summary>
internal sealed class Churner(ISessionStore store, Calls calls, Findings findings, bool losesNewest, Random random)
{
    /// <summary>Short, so that some sessions end while they are worked on.</summary>
    public static readonly TimeSpan ShortLife = TimeSpan.FromMilliseconds(700);

    private const int Updates = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentBag<SessionId> _left = [];

    /// <summary>Sessions that should live, or about which nothing is known because the run ended.</summary>
    public IEnumerable<SessionId> Left => _left;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var isShort = random.Next(4) == 0;
            var session = new Session(SessionId.New(), TransportType.WebSocket) { TimeToLive = isShort ? ShortLife : null, Tags = ["churn"] };
            if (await CreateAsync(session, stopping) is { } created)
            {
                await LiveAsync(created, isShort, stopping);
            }
            else if (!isShort)
            {
                _left.Add(session.Id);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static bool IsGone(Exception exception) => exception is SessionNotFoundException;

    private Task<Session?> CreateAsync(Session session, CancellationToken stopping) =>
        RepeatAsync("CreateSession", async () => (Session?)await store.CreateSessionAsync(session), IsGoneOnlyIf(session.TimeToLive is not null), stopping);

    private async Task LiveAsync(Session session, bool isShort, CancellationToken stopping)
    {
        Func<Exception, bool> isExpected = IsGoneOnlyIf(isShort || losesNewest);
        for (var frame = 0; frame < 3; frame++)
        {
            await calls.RunAsync("AddFrame", () => store.AddFrameAsync(Frame(session.Id)).AsTask(), isExpected);
        }

        await calls.RunAsync("TouchSession", () => store.TouchSessionAsync(session.Id).AsTask());
        if (!await UpdateAsync(session, isShort, isExpected, stopping))
        {
            if (!isShort)
            {
                _left.Add(session.Id);
            }

            return;
        }

        if (!isShort)
        {
            await DeleteAsync(session.Id, stopping);
        }
    }

    /// <summary>Updates a session that nobody else updates, and counts along.</summary>
    private async Task<bool> UpdateAsync(Session session, bool isShort, Func<Exception, bool> isExpected, CancellationToken stopping)
    {
        var current = session;
        for (var update = 1; update <= Updates; update++)
        {
            var changed = current with { CorrelationKey = $"{update}" };
            for (var isRepeated = false; ; isRepeated = true)
            {
                var result = await calls.RunAsync(
                    "UpdateSession", () => store.UpdateSessionAsync(changed).AsTask(), exception => isExpected(exception) || exception is SessionConflictException);
                if (result.Error is SessionConflictException conflict)
                {
                    // A try whose outcome was unknown may have been carried out; nobody else updates this session.
                    if (!losesNewest && (!isRepeated || conflict.Current.Version != current.Version + 1 || conflict.Current.CorrelationKey != changed.CorrelationKey))
                    {
                        findings.Add(Breach.Session, $"update {update} met version {conflict.Current.Version} with '{conflict.Current.CorrelationKey}', where {current.Version} was acknowledged.");
                    }

                    current = conflict.Current;
                    break;
                }

                if (result.IsDone)
                {
                    if (result.Value!.Version != current.Version + 1)
                    {
                        findings.Add(Breach.Session, $"an update of version {current.Version} made version {result.Value.Version}.");
                    }

                    current = result.Value;
                    break;
                }

                if (stopping.IsCancellationRequested || (result.Error is SessionNotFoundException && (isShort || losesNewest)))
                {
                    return false;
                }

                await Task.Delay(Pause, CancellationToken.None);
            }
        }

        return true;
    }

    private async Task DeleteAsync(SessionId id, CancellationToken stopping)
    {
        if (await RepeatAsync("DeleteSession", async () => (bool?)await store.DeleteSessionAsync(id), null, stopping) is null)
        {
            _left.Add(id);
            return;
        }

        var read = await calls.RunAsync("GetSession", () => store.GetSessionAsync(id).AsTask());
        if (read is { IsDone: true, Value: not null } && !losesNewest)
        {
            findings.Add(Breach.Session, "a session was read after its delete was acknowledged.");
        }
    }

    /// <summary>Repeats a call until it is known to be done; null where the run ended first, or where the session is rightly gone.</summary>
    private async Task<T?> RepeatAsync<T>(string name, Func<Task<T>> call, Func<Exception, bool>? isExpected, CancellationToken stopping)
    {
        while (true)
        {
            var result = await calls.RunAsync(name, call, isExpected);
            if (result.IsDone || stopping.IsCancellationRequested || (result.Error is { } error && isExpected?.Invoke(error) is true))
            {
                return result.Value;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static Func<Exception, bool> IsGoneOnlyIf(bool isMortal) => isMortal ? IsGone : static _ => false;

    private static MessageEnvelope Frame(SessionId id) =>
        new(id, MessageDirection.Internal, TransportType.WebSocket, """{"jsonrpc":"2.0","method":"churn"}"""u8.ToArray(), DateTimeOffset.UtcNow);
}
