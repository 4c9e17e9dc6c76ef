using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>What pages that follow a session are told. It is written once, however many pages there are.</summary>
internal sealed class FollowEvent
{
    private FollowEvent(string type, ReadOnlyMemory<byte> data) => (Type, Data) = (type, data);

    /// <summary>The store can be reached again.</summary>
    public static FollowEvent Live { get; } = new("live", JsonAnswer.Of(static json => WriteMembers(json, ("detail", null))));

    public string Type { get; }

    /// <summary>Its data, as JSON.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The session it tells of; null for other events. Whether a user may see it is for each page to say.</summary>
    public Session? Session { get; private init; }

    /// <summary>Whether it tells frames.</summary>
    public bool HasFrames => Next > First;

    /// <summary>The sequence of the first of its frames.</summary>
    public long First { get; private init; }

    /// <summary>The sequence behind the last of its frames.</summary>
    public long Next { get; private init; }

    /// <summary>Whether nothing comes behind it.</summary>
    public bool IsEnd { get; private init; }

    /// <summary>Frames that stand together.</summary>
    /// <param name="first">The sequence of the first.</param>
    /// <param name="next">The sequence behind the last.</param>
    /// <param name="summaries">Their summaries, as the JSON of an array.</param>
    public static FollowEvent OfFrames(long first, long next, ReadOnlyMemory<byte> summaries) => new("frames", summaries) { First = first, Next = next };

    public static FollowEvent OfSession(Session session) => new("session", JsonAnswer.Of(json => SessionSummary.Write(json, session))) { Session = session };

    /// <summary>The store cannot be reached.</summary>
    public static FollowEvent OfAbsence(SessionStoreException exception) => new("away", JsonAnswer.Of(json => WriteMembers(json, ("detail", exception.Reason))));

    /// <summary>No more is to come.</summary>
    /// <param name="reason">A word that says why.</param>
    /// <param name="detail">What is known beside it.</param>
    public static FollowEvent OfEnd(string reason, string? detail) => new("end", JsonAnswer.Of(json => WriteMembers(json, ("reason", reason), ("detail", detail)))) { IsEnd = true };

    /// <summary>The data without the frames that a page has already.</summary>
    /// <param name="sequence">The first that it has not.</param>
    public ReadOnlyMemory<byte> DataFrom(long sequence)
    {
        if (sequence <= First)
        {
            return Data;
        }

        var summaries = new Utf8JsonReader(Data.Span);
        summaries.Read();
        for (var number = First; number < sequence; number++)
        {
            summaries.Read();
            summaries.Skip();
        }

        const int Comma = 1;
        return (byte[])[(byte)'[', .. Data.Span[((int)summaries.BytesConsumed + Comma)..]];
    }

    private static void WriteMembers(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
