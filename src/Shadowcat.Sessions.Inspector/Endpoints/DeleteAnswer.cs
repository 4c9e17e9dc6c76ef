using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Deletes the sessions that a request names: the one thing that changes the store.</summary>
internal sealed class DeleteAnswer(SessionAccess access, DeletePermission permission)
{
    private const int MaxIds = 1000;
    private const int MaxBodyBytes = 512 * 1024;

    public async Task AnswerAsync(HttpContext context)
    {
        await permission.RequireAsync(context).ConfigureAwait(false);
        Antiforgery.Require(context);
        var ids = await ReadAsync(context).ConfigureAwait(false);
        var deleted = 0;
        foreach (var id in ids)
        {
            // One that cannot be read can be deleted all the same, unless it would have to be known whose it is.
            var isVisible = !access.IsRestricted || await access.FindAsync(context, id).ConfigureAwait(false) is not null;
            if (isVisible && await access.Store.DeleteSessionAsync(id, context.RequestAborted).ConfigureAwait(false))
            {
                deleted++;
            }
        }

        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("deleted", deleted);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async ValueTask<List<SessionId>> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false);
            var ids = body.RootElement.GetProperty("ids").EnumerateArray().Select(static id => new SessionId(id.GetString()!)).Distinct().ToList();
            return ids.Count <= MaxIds ? ids : throw Problem.BadRequest("Too many sessions", $"At most {MaxIds} sessions are deleted at once; these are {ids.Count}. Delete them in parts.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw Problem.BadRequest("The request is not understood", "It is an object with the member 'ids': an array of the ids of sessions.");
        }
    }
}
