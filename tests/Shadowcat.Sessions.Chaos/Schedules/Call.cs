using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>A call of a schedule: whichever store it is made of, it is the same, and says in the same words how it ended.</summary>
/// <param name="number">Distinguishes it, its frame and its generation from others: from 1 where it is of the plan, below where it is of what goes before.</param>
/// <param name="mutation">What it does.</param>
/// <param name="id">To which session.</param>
internal sealed class Call(int number, Mutation mutation, SessionId id)
{
    /// <summary>How the call ended where nobody can say whether it was carried out.</summary>
    public const string Unknown = "outcome unknown";

    /// <summary>How the call ended where the store says that nothing was done.</summary>
    public const string NothingDone = "nothing was done";

    private const string Missing = "no such session";
    private const string Exists = "exists already";
    private const string Absent = "not there";
    private const string Conflict = "conflict";

    /// <summary>How far apart the sequences are that two generations begin at.</summary>
    private const int SequencesOfAGeneration = 100;

    /// <summary>All sessions end at a fixed time, so that every process may take the deadline for known, as it is allowed to.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    private Session? _given;

    /// <summary>Where frames begin: some generations have places of their own, so that an answer shows which was meant; others those of the first, so that one can be taken for the other.</summary>
    private int FirstSequence => number % 2 == 0 ? Math.Max(0, number) * SequencesOfAGeneration : 0;

    public int Number => number;

    public Mutation Mutation => mutation;

    /// <summary>All that its effect depends on, as text: of every schedule, calls that are the same here do the same to the same session.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture, $"{number}:{mutation}{(_given is { } given && mutation != Mutation.Create ? $":{SessionView.Generation(given)}:{given.Version}" : "")}");

    /// <summary>Whether a call that ended so did nothing, because of how it found the session.</summary>
    public static bool IsRefusal(string result) => result is Missing or Exists or Absent || result.StartsWith(Conflict, StringComparison.Ordinal);

    /// <summary>Whether a call that was carried out may be answered otherwise: a create whose session has ended since gets an error, as the contract says.</summary>
    public bool MayAnswer(string result, string carriedOut) =>
        mutation == Mutation.Create && result == Missing && carriedOut.StartsWith("created", StringComparison.Ordinal);

    /// <summary>Says with which session the call is made: what its caller read just before.</summary>
    public void Give(Session? read) => _given = mutation switch
    {
        Mutation.Create => new Session(id, TransportType.Stdio) { Generation = new Guid(number, 1, 0, new byte[8]), TimeToLive = Life, MaxLifetime = Life },
        Mutation.Update => read! with { CloseReason = $"u{number}" },
        Mutation.Rename => read! with { CloseReason = $"r{number}", TimeToLive = Life - TimeSpan.FromMinutes(number) },
        _ => null,
    };

    /// <summary>Makes the call.</summary>
    /// <returns>How it ended, in words that are the same for every store.</returns>
    public async Task<string> RunAsync(ISessionStore store)
    {
        try
        {
            return mutation switch
            {
                Mutation.Create => Words("created", await store.CreateSessionAsync(_given!, FirstSequence)),
                Mutation.Delete => await store.DeleteSessionAsync(id) ? "deleted" : Absent,
                Mutation.DeleteFrames => Words("deleted", await store.DeleteFramesAsync(id)),
                Mutation.Touch => await store.TouchSessionAsync(id) ? "touched" : Absent,
                Mutation.Update or Mutation.Rename => Words("updated", await store.UpdateSessionAsync(_given!)),
                _ => Words("sequence", await store.AddFrameAsync(Frame())),
            };
        }
        catch (SessionNotFoundException)
        {
            return Missing;
        }
        catch (SessionAlreadyExistsException)
        {
            return Exists;
        }
        catch (SessionConflictException conflict)
        {
            return Words(Conflict, conflict.Current) + string.Create(CultureInfo.InvariantCulture, $" version {conflict.Current.Version}");
        }
        catch (SessionTimeoutException)
        {
            return Unknown;
        }
        catch (SessionStoreUnavailableException unavailable)
        {
            return unavailable.OutcomeUnknown ? Unknown : NothingDone;
        }
        catch (SessionStoreException exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{mutation}({SessionView.Name(number)})");

    /// <summary>What a create or update was repeated for may have changed since, so that the answer to a repetition is only held to be about the same generation.</summary>
    private static string Words(string what, Session session) => $"{what} {SessionView.Generation(session)}";

    private static string Words(string what, long number) => string.Create(CultureInfo.InvariantCulture, $"{what} {number}");

    private MessageEnvelope Frame() => new(
        id, MessageDirection.ClientToServer, TransportType.Stdio, Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0","method":"{{SessionView.Name(number)}}"}"""), At);
}
