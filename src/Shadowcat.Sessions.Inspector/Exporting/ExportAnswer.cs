using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with sessions to be saved as a file.</summary>
internal sealed class ExportAnswer(SessionAccess access, SessionInspectorOptions options)
{
    private const string Archive = "jsonl";
    private const string Page = "html";
    private const int MaxIds = 1000;

    /// <summary>The formats of a session.</summary>
    public static IEnumerable<string> FormatsOf(SessionInspectorOptions options) => [Archive, Page, .. options.Exports.Keys];

    /// <summary>Answers with one session, or some of its frames.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        RequireAllowed();
        var format = FormatOf(context);
        if (context.Request.Query.ContainsKey("q"))
        {
            throw Problem.BadRequest("An export takes no search", "Which frames a search finds is worked out by the page: name them in 'frames', such as 3-9,12.");
        }

        var ranges = context.Request.Query["frames"].ToString() is { Length: > 0 } frames ? FrameRanges.Parse(frames) : null;
        var session = await access.GetAsync(context).ConfigureAwait(false);

        // The page holds frames under the numbers that they have; the other forms know whole sessions, so they get one of these frames alone.
        var store = ranges is null || format == Page ? access.Store : new ChosenFrames(access.Store, session, ranges);
        Name(context, $"session-{session.Id.Value}.{format}");
        var body = context.Response.Body;
        var stop = context.RequestAborted;
        try
        {
            await (format switch
            {
                Archive => store.ExportSessionAsync(session.Id, body, progress: null, stop),
                Page => RecordingPage.WriteAsync(access.Store, session, ranges ?? [FrameRange.From(session.FirstSequence)], isSelection: ranges is not null, body, stop),
                _ => options.Exports[format](store, session.Id, body, stop),
            }).ConfigureAwait(false);
        }
        catch (NotSupportedException exception) when (!context.Response.HasStarted)
        {
            throw new ProblemException(StatusCodes.Status409Conflict, $"This session has no form of {format}", exception.Message);
        }
    }

    /// <summary>Answers with an archive of several sessions.</summary>
    public async Task AnswerManyAsync(HttpContext context)
    {
        RequireAllowed();
        if (context.Request.Query["format"].ToString() is not ("" or Archive))
        {
            throw Problem.BadRequest("Several sessions have no such form", "Several sessions are one archive: the format is jsonl. Another format holds one session.");
        }

        var ids = context.Request.Query["ids"]
            .Select(static text => SessionId.TryParse(text, provider: null, out var id) ? id : throw Problem.BadRequest("The ids are not understood", $"'{text}' is no id of a session. Give 'ids' once for each session."))
            .Distinct()
            .ToList();
        if (ids.Count is 0 or > MaxIds)
        {
            throw Problem.BadRequest("The ids are not understood", $"An archive has 1 to {MaxIds} sessions; these are {ids.Count}. Give 'ids' once for each.");
        }

        Name(context, $"sessions.{Archive}");
        var chosen = new ChosenSessions(access.Store, ids, id => access.FindAsync(context, id));
        await chosen.ExportSessionsAsync(filter: null, context.Response.Body, progress: null, context.RequestAborted).ConfigureAwait(false);
    }

    private string FormatOf(HttpContext context)
    {
        var format = context.Request.Query["format"].ToString() is { Length: > 0 } named ? named.ToLowerInvariant() : Archive;
        return format is Archive or Page || options.Exports.ContainsKey(format)
            ? format
            : throw Problem.BadRequest("There is no such format", $"'format' is one of {string.Join(", ", FormatsOf(options))}; '{format}' is not among them.");
    }

    private void RequireAllowed()
    {
        if (!options.AllowExport)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "Sessions are not downloaded here", $"The application allows nobody to: {nameof(SessionInspectorOptions)}.{nameof(SessionInspectorOptions.AllowExport)} is off.");
        }
    }

    private static void Name(HttpContext context, string file)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.Replace('/', '-').Replace('\\', '-'));
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.ContentType = Path.GetExtension(file) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".jsonl" => "application/x-ndjson",
            _ => "application/octet-stream",
        };
    }
}
