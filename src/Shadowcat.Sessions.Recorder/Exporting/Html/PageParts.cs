using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Recorder.Exporting.Html;

/// <summary>What the page says of the session, for the places in its template.</summary>
internal static class PageParts
{
    /// <summary>The markup for a place.</summary>
    public static string Of(string placeholder, Session session, RecordedCalls calls) => placeholder switch
    {
        "policy" => PageTemplate.Policy,
        "style" => PageTemplate.Style,
        "script" => PageTemplate.Script,
        "title" => HtmlText.Of($"{NameOf(session.ClientInfo, "client")} \u2192 {NameOf(session.ServerInfo, "server")}"),
        "numbers" => Numbers(calls),
        "facts" => Facts(session, calls),
        "version" => HtmlText.Of(ToolVersion.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(placeholder), placeholder, "The page has no such place."),
    };

    private static string NameOf(Peer? peer, string otherwise) => peer is { Name.Length: > 0 } ? peer.Title ?? peer.Name : otherwise;

    private static string Numbers(RecordedCalls calls)
    {
        var failures = calls.Failures;
        var numbers = new StringBuilder();
        numbers.Append(CultureInfo.InvariantCulture, $"<li><b>{calls.Frames}</b> {(calls.Frames == 1 ? "message" : "messages")}</li>");
        numbers.Append(CultureInfo.InvariantCulture, $"<li><b>{calls.Requests}</b> {(calls.Requests == 1 ? "request" : "requests")}</li>");
        numbers.Append(CultureInfo.InvariantCulture, $"<li{(failures > 0 ? " class=\"bad\"" : "")}><b>{failures}</b> failed</li>");
        if (calls is { Began: { } began, Ended: { } ended })
        {
            numbers.Append(CultureInfo.InvariantCulture, $"<li><b>{DurationText.Of(ended - began)}</b></li>");
        }

        return numbers.ToString();
    }

    private static string Facts(Session session, RecordedCalls calls)
    {
        var facts = new StringBuilder();
        Fact("Client", Describe(session.ClientInfo));
        Fact("Server", Describe(session.ServerInfo));
        Fact("Protocol", session.VersionState?.Negotiated);
        Fact("Asked for", string.Join(", ", (session.VersionState?.Attempts ?? []).Where(attempt => attempt.Requested != attempt.Answered).Select(attempt => $"{attempt.Requested} ({attempt.Answered ?? "not agreed"})")));
        Fact("Transport", $"{session.TransportType}, {session.Boundary}");
        Fact("Status", session.IsClosed ? $"{session.Status}" : $"{session.State}");
        Fact("Close reason", session.CloseReason);
        Fact("Created", Time(session.CreatedAt));
        Fact("Last message", calls.Ended is { } ended ? Time(ended) : null);
        Fact("Owner", session.Owner is { } owner ? $"{owner.Value} ({owner.ClaimType}, {owner.Issuer})" : null);
        Fact("Tags", $"{session.Tags}");
        foreach (var (name, value) in session.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            Fact(name, value);
        }

        Fact("Session", session.Id.Value);
        Fact("Transport session", session.TransportSessionId);
        Fact("Missing", calls.Range.Start is { } first and > 0 ? $"the {first} oldest messages were trimmed" : null);
        return facts.ToString();

        void Fact(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                facts.Append("<div><dt>").AppendText(name).Append("</dt><dd>").AppendText(value).Append("</dd></div>\n");
            }
        }
    }

    private static string? Describe(Peer? peer) => peer is null ? null : peer.Title is null ? $"{peer.Name} {peer.Version}" : $"{peer.Title} ({peer.Name} {peer.Version})";

    private static string Time(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss.fff} UTC");
}
