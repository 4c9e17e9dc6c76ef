using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes what is wrong with a request as the answer to it.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc9457"/>
internal static class Problem
{
    private const string RetryAfterSeconds = "2";

    /// <summary>What an exception of a store means to whoever asked; null where it is none of a store.</summary>
    public static ProblemException? Of(Exception exception) => exception switch
    {
        ProblemException problem => problem,
        SessionNotFoundException => NoSession(),
        FramesTrimmedException trimmed => new ProblemException(
            StatusCodes.Status410Gone, "These frames are no longer kept", $"Frame {trimmed.RequestedSequence} was trimmed; the oldest one that is kept is {trimmed.FirstSequence}. Read from there.")
        {
            FirstSequence = trimmed.FirstSequence,
        },
        FramesLostException lost => new ProblemException(StatusCodes.Status410Gone, "Frames were lost", $"The store lost frames from {lost.Sequence} on, as after a failover. Read the session anew."),
        SessionSerializationException unreadable => new ProblemException(
            StatusCodes.Status422UnprocessableEntity, "This cannot be read", $"{Sentence(unreadable.Reason)} What else is stored of the session can still be read."),
        SessionStoreException { IsTransient: true } away => new ProblemException(
            StatusCodes.Status503ServiceUnavailable, "The store cannot be reached", $"{Sentence(away.Reason)} The page tries again by itself."),
        SessionStoreException broken => new ProblemException(
            StatusCodes.Status500InternalServerError, "The store refuses to serve", $"{Sentence(broken.Reason)} Trying again does not help: see the log of the application."),
        _ => null,
    };

    /// <summary>There is no such session, or none that this user may see: both look alike.</summary>
    public static ProblemException NoSession() => new(
        StatusCodes.Status404NotFound, "There is no such session", "It was deleted, has expired, or never was; or it is not yours. Go back to the list of sessions.");

    /// <summary>A page that is open while the application is updated may ask for what the other version has.</summary>
    public static ProblemException NoAddress() => new(
        StatusCodes.Status404NotFound, "There is no such address", "The page is of another version than the server: load it anew.");

    public static ProblemException NoFrame(long sequence, Session session) => new(
        StatusCodes.Status404NotFound,
        "There is no such frame",
        session.FrameCount == session.FirstSequence ? "The session has no frames." : $"The session has the frames {session.FirstSequence} to {session.FrameCount - 1}; {sequence} is not among them.");

    public static ProblemException BadRequest(string title, string detail) => new(StatusCodes.Status400BadRequest, title, detail);

    public static async Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("title", problem.Title);
            json.WriteNumber("status", problem.Status);
            json.WriteString("detail", problem.Message);
            Number(json, "position", problem.Position);
            Number(json, "length", problem.Length);
            Number(json, "first", problem.FirstSequence);
            json.WriteEndObject();
        }

        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static string Sentence(string text) => text is [.., '.' or '!' or '?'] ? text : text + ".";
}
