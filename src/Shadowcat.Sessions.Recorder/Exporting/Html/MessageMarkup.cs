using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Exporting.Html;

/// <summary>A message as markup: a line that says what it is, and folded behind it its payload.</summary>
internal sealed class MessageMarkup(RecordedCalls calls)
{
    public void Append(StringBuilder page, MessageEnvelope frame)
    {
        var call = calls.Of(frame);
        var isRequest = call is not null && call.Sequence == frame.Sequence;
        var failure = FailureOf(frame, call);
        var method = frame.Method ?? call?.Method ?? HttpText(frame);
        var target = call is null ? MessageDetails.Read(frame).Target : call.Target;

        page.Append(CultureInfo.InvariantCulture, $"<details class=\"{Side(frame)}{(call is null || isRequest ? "" : " answer")}{(failure is null ? "" : " bad")}\" id=\"m{frame.Sequence}\" data-method=\"").AppendAttribute(method).Append("\">\n<summary>");
        page.Append(CultureInfo.InvariantCulture, $"<span class=\"no\">{frame.Sequence}</span> <span class=\"at\">{DurationText.Offset(frame.Timestamp - (calls.Began ?? frame.Timestamp))}</span> ");
        page.Append(Direction(frame)).Append(" <span class=\"kind\">").AppendText(Kind(frame)).Append("</span> <span class=\"what\">").AppendText(method);
        if (target is not null)
        {
            page.Append(" <b>").AppendText(target).Append("</b>");
        }

        page.Append("</span> <span class=\"end\">");
        if (failure is not null)
        {
            page.Append("<em>").AppendText(failure).Append("</em> ");
        }

        page.AppendText(call?.Duration is { } duration ? DurationText.Of(duration) : "").Append("</span></summary>\n<div>");
        AppendFacts(page, frame, call, isRequest);
        AppendPayload(page, frame);
        page.Append("</div>\n</details>\n");
    }

    private static string Side(MessageEnvelope frame) => frame.Direction switch
    {
        MessageDirection.ClientToServer => "client",
        MessageDirection.ServerToClient => "server",
        _ => "none",
    };

    private static string Direction(MessageEnvelope frame) => frame.Direction switch
    {
        MessageDirection.ClientToServer => "<span class=\"way\" role=\"img\" aria-label=\"from the client\">\u2192</span>",
        MessageDirection.ServerToClient => "<span class=\"way\" role=\"img\" aria-label=\"from the server\">\u2190</span>",
        _ => "<span class=\"way\" role=\"img\" aria-label=\"noted by the recorder\">\u00B7</span>",
    };

    private static string Kind(MessageEnvelope frame) => TransportText.IsEnd(frame) ? "end" : $"{frame.Kind}".ToLowerInvariant();

    private static string? FailureOf(MessageEnvelope frame, RecordedCall? call)
    {
        if (call is not null)
        {
            return call.Failure;
        }

        if (frame.Metadata.TryGetValue(ExchangeEnd.Key, out var how))
        {
            // A server without a stream of its own refuses one: that is no failure.
            var isRefused = frame.Metadata.TryGetValue(HttpMessages.StatusKey, out var status) && status is [>= '4', ..] && HttpText(frame) != "GET 405";
            return isRefused ? $"HTTP {status}" : how is ExchangeEnd.Answered or ExchangeEnd.Closed ? null : how;
        }

        return (frame.Flags & MessageFlags.Undelivered) != 0 ? "undelivered" : frame.Kind switch
        {
            MessageKind.Error => "error",
            MessageKind.Unparsed => "unreadable",
            MessageKind.Response => "answers no request",
            _ => null,
        };
    }

    /// <summary>What ended, for people: the method and the status of HTTP.</summary>
    private static string HttpText(MessageEnvelope frame) => string.Join(
        ' ', new[] { frame.Metadata.GetValueOrDefault(HttpMessages.MethodKey), frame.Metadata.GetValueOrDefault(HttpMessages.StatusKey) }.OfType<string>());

    private static void AppendFacts(StringBuilder page, MessageEnvelope frame, RecordedCall? call, bool isRequest)
    {
        IEnumerable<string?> facts =
        [
            $"{frame.Timestamp:yyyy-MM-dd HH:mm:ss.ffffff} UTC",
            frame.RequestId is { } id ? (id.IsNumber ? $"id {id.Value}" : $"id \"{id.Value}\"") : null,
            frame.ProtocolVersion is { } version ? $"version {version}" : null,
            $"{frame.Payload.Length} bytes",
            RecordingText.Flags(frame),
            RecordingText.Of(frame),
            .. frame.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}: {entry.Value}"),
        ];
        page.Append("<p class=\"facts\"><span>").AppendText(string.Join(" \u00B7 ", facts.Where(fact => !string.IsNullOrEmpty(fact)))).Append("</span>");
        if (isRequest && call!.EndSequence is { } end)
        {
            page.Append(CultureInfo.InvariantCulture, $" <a href=\"#m{end}\">answer: {end}</a>");
        }
        else if (!isRequest && call is not null)
        {
            page.Append(CultureInfo.InvariantCulture, $" <a href=\"#m{call.Sequence}\">request: {call.Sequence}</a>");
        }

        page.Append("</p>\n");
    }

    private static void AppendPayload(StringBuilder page, MessageEnvelope frame)
    {
        if (frame.Payload.IsEmpty)
        {
            return;
        }

        if (!Utf8.IsValid(frame.Payload.Span))
        {
            page.Append("<p class=\"facts\">Not UTF-8: what is none is shown as \uFFFD.</p>\n");
        }

        // The line feed behind the tag is none of the text.
        page.Append("<pre>\n").AppendText(Encoding.UTF8.GetString(frame.Payload.Span)).Append("</pre>");
    }
}
