using System.Globalization;

namespace Shadowcat.Sessions.Aot.Model;

/// <summary>The calls of the values that sessions and frames are made of, and of these themselves.</summary>
internal static class ModelCalls
{
    public static Task MakeAsync()
    {
        Ids();
        Tags();
        Maps();
        RequestIds();
        Owners();
        Sessions();
        Frames();
        return Task.CompletedTask;
    }

    private static void Ids()
    {
        var (first, second) = (new SessionId("a"), SessionId.Parse("b", CultureInfo.InvariantCulture));
        Check.That(first < second && first <= second && second > first && second >= first && first.CompareTo(second) < 0);
        Check.Equal(second, SessionId.Parse("b".AsSpan(), provider: null));
        Check.That(SessionId.TryParse("a", provider: null, out var read) && read == first && read.Equals(first) && read != second);
        Check.That(!SessionId.TryParse("".AsSpan(), provider: null, out var none) && none.IsDefault);
        Check.Equal("a", first.Value);
        Check.Equal("a", first.ToString());
        Check.Equal(32, SessionId.New().Value.Length);
        Check.Equal(first.GetHashCode(), read.GetHashCode());
    }

    private static void Tags()
    {
        SessionTag red = "red";
        var blue = new SessionTag("blue");
        Check.That(blue < red && blue <= red && red > blue && red >= blue && red.CompareTo(blue) > 0 && red != blue);
        Check.That(red == "red" && red.Equals(new SessionTag("red")) && red.GetHashCode() == new SessionTag("red").GetHashCode());
        Check.Equal("red red", $"{red} {red.Value}");
        var tags = SessionTags.Create([red, blue]);
        Check.That(tags.Contains(red) && tags.ContainsAll([blue]) && !SessionTags.None.Contains(red) && tags.Count == 2);
        Check.Same(["blue", "red"], tags.Select(static tag => tag.Value));
        Check.That(tags.Equals([blue, red]) && tags.GetHashCode() == SessionTags.Create([red, blue]).GetHashCode() && tags.ToString() is { Length: > 0 });
        using var enumerator = tags.GetEnumerator();
        Check.That(enumerator.MoveNext());
    }

    private static void Maps()
    {
        var attributes = SessionAttributes.None.With("a", "1").With("b", "2").Without("a");
        Check.That(attributes.ContainsKey("b") && attributes.TryGetValue("b", out var value) && value == "2" && attributes["b"] == "2" && attributes.Count == 1);
        Check.Same(["b", "2"], attributes.Keys.Concat(attributes.Values));
        Check.That(attributes.Equals(SessionAttributes.Create([new("b", "2")])) && attributes.GetHashCode() == SessionAttributes.Create([new("b", "2")]).GetHashCode());
        using var entries = attributes.GetEnumerator();
        Check.That(entries.MoveNext() && attributes.ToString() is { Length: > 0 });

        var metadata = FrameMetadata.Create([new("k", "v")]);
        Check.That(metadata.ContainsKey("k") && metadata.TryGetValue("k", out var found) && found == "v" && metadata["k"] == "v" && metadata.Count == 1);
        Check.Same(["k", "v"], metadata.Keys.Concat(metadata.Values));
        Check.That(!metadata.Equals(FrameMetadata.None) && metadata.GetHashCode() == FrameMetadata.Create([new("k", "v")]).GetHashCode());
        using var members = metadata.GetEnumerator();
        Check.That(members.MoveNext());
    }

    private static void RequestIds()
    {
        var (number, text) = (RequestId.FromNumber(7), RequestId.FromString("7"));
        Check.That(number.IsNumber && number.TryGetInt64(out var value) && value == 7 && !text.IsNumber && text.Value == "7" && number != text);
        Check.That(RequestId.TryParseNumber("7"u8, out var parsed) && parsed.Equals(number) && parsed.GetHashCode() == number.GetHashCode() && text.ToString() is { Length: > 0 });
    }

    private static void Owners()
    {
        Check.Equal(Samples.Owner, SessionOwner.From(Samples.Principal, "sub"));
        Check.Equal(null, SessionOwner.From(principal: null));
        var session = Samples.Session();
        Check.That(session.IsOwnedBy(Samples.Owner) && session.IsOwnedBy(Samples.Principal));
        Check.Equal("client 1.0 A client", $"{session.ClientInfo!.Name} {session.ClientInfo.Version} {session.ClientInfo.Title}");
        Check.That(session.ClientInfo.Json.Contains("\"title\"", StringComparison.Ordinal) && session.ClientInfo.ToString() is { Length: > 0 });
        Check.That(session.ClientInfo.Equals(Peer.Create("client", "1.0", "A client")) && session.ClientInfo.GetHashCode() == Peer.Create("client", "1.0", "A client").GetHashCode());
        Check.Equal(1, session.VersionState!.Attempts.Count);
        Check.That(session.VersionState.Equals(Samples.Session().VersionState) && session.VersionState.GetHashCode() == Samples.Session().VersionState!.GetHashCode());
    }

    private static void Sessions()
    {
        var session = Samples.Session();
        var closed = session.AsClosed(SessionStatus.Failed, "broken");
        Check.That(closed.IsClosed && closed.Status == SessionStatus.Failed && closed.CloseReason == "broken" && !closed.AsReopened().IsClosed);
        Check.That((closed with { TransportType = TransportType.Sse, Status = SessionStatus.Completed, CloseReason = "over" }) is { TransportType: TransportType.Sse, Status: SessionStatus.Completed, CloseReason: "over" });
        var copy = new Session(session, new SessionId("copy"));
        Check.Equal("copy", copy.Id.Value);
        Check.That(session.Equals(session with { }) && session.GetHashCode() == (session with { }).GetHashCode() && session.ToString() is { Length: > 0 });
        var filter = SessionFilter.None with { Tags = ["sample"], Owner = Samples.Owner, WithoutTags = ["other"], Status = SessionStatus.Active };
        Check.That(filter.Matches(session) && !(filter with { Tags = ["other"] }).Matches(session));
    }

    private static void Frames()
    {
        var frame = Samples.Frame(new SessionId("a"));
        Check.That(frame is { Method: "tools/list", Kind: MessageKind.Request, RequestId.Value: "1", ExchangeId: "exchange" });
        var redacted = new MessageEnvelope(frame, "{}"u8.ToArray()) { Flags = MessageFlags.Redacted };
        Check.That(redacted is { Flags: MessageFlags.Redacted, Method: "tools/list", Payload.Length: 2 });
        Check.That(frame.Equals(frame with { }) && frame.GetHashCode() == (frame with { }).GetHashCode() && frame.ToString() is { Length: > 0 });
        var moved = frame with
        {
            SessionId = new SessionId("b"),
            Sequence = 3,
            Timestamp = Samples.Time,
            Direction = MessageDirection.ServerToClient,
            TransportType = TransportType.Sse,
            Kind = MessageKind.Response,
            Method = "m",
            ProtocolVersion = "2025-11-25",
            RequestId = RequestId.FromNumber(2),
            Payload = "{}"u8.ToArray(),
        };
        Check.Equal("b 3 ServerToClient Sse Response m 2025-11-25 2", $"{moved.SessionId} {moved.Sequence} {moved.Direction} {moved.TransportType} {moved.Kind} {moved.Method} {moved.ProtocolVersion} {moved.RequestId?.Value}");
        var ranges = (FrameRange.All, From: FrameRange.From(2, 3), Last: FrameRange.Last(5));
        Check.That(ranges.All == default && ranges.From is { Start: 2, Count: 3, IsFromEnd: false } && ranges.Last is { Count: 5, IsFromEnd: true });
    }
}
