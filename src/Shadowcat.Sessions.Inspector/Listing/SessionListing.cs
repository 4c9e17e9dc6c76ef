using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Lists sessions, a page at a time.</summary>
internal sealed class SessionListing(SessionAccess access, TimeProvider time)
{
    public const int MaxSize = 500;

    private const int UsualSize = 100;

    /// <summary>How often the store is asked for one page of ours, where little of what it yields is found.</summary>
    private const int MaxPages = 4;
    private const int MaxZoneMinutes = 14 * 60;

    /// <summary>Pages whose list changed ask the same at the same time.</summary>
    private readonly SharedReadings<(string Search, SessionOwner? Owner, string Order, int Size, string? After, TimeSpan Zone), ReadOnlyMemory<byte>> _readings = new();

    public async Task AnswerAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var size = (int)(QueryNumbers.Optional(context, "size", 1, MaxSize) ?? UsualSize);
        var (order, text, zone, owner) = (query["order"].ToString(), query["q"].ToString(), ZoneOf(context), access.OwnerFor(context));
        var search = SessionSearch.Parse(text, new SessionFilter { Order = OrderOf(order), Owner = owner }, time.GetUtcNow(), zone);
        var after = query["after"].ToString() is { Length: > 0 } token ? token : null;
        var reading = _readings.ReadAsync((text, owner, order, size, after, zone), () => ReadAsync(search, size, after));
        await JsonAnswer.SendAsync(context, await reading.WaitAsync(context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(SessionSearch search, int size, string? after)
    {
        var (sessions, next) = await ListAsync(search, size, after).ConfigureAwait(false);

        // How many there are of others is nothing for a user who sees his own alone.
        long? total = after is null && search.Filter.Owner is null ? await access.Store.CountSessionsAsync().ConfigureAwait(false) : null;
        return JsonAnswer.Of(json => Write(json, sessions, next, total));
    }

    private async Task<(List<Session> Sessions, string? Next)> ListAsync(SessionSearch search, int size, string? next)
    {
        var sessions = new List<Session>();
        for (var pages = 0; pages < MaxPages; pages++)
        {
            SessionPage page;
            try
            {
                page = await access.Store.ListSessionPageAsync(search.Filter, size - sessions.Count, next).ConfigureAwait(false);
            }
            catch (ArgumentException exception) when (exception.ParamName == "continuationToken")
            {
                throw Problem.BadRequest("This place of the list is not known", "The token is of another search, order or store. Begin the list anew.");
            }

            sessions.AddRange(page.Sessions.Where(search.Matches));
            next = page.ContinuationToken;
            if (next is null || sessions.Count >= size)
            {
                break;
            }
        }

        return (sessions, next);
    }

    private static void Write(Utf8JsonWriter json, List<Session> sessions, string? next, long? total)
    {
        json.WriteStartObject();
        json.WriteStartArray("sessions");
        foreach (var session in sessions)
        {
            SessionSummary.Write(json, session);
        }

        json.WriteEndArray();
        json.WriteString("next", next);
        if (total is { } count)
        {
            json.WriteNumber("total", count);
        }
        else
        {
            json.WriteNull("total");
        }

        json.WriteEndObject();
    }

    private static SessionOrder OrderOf(string order) => order switch
    {
        "" or "newest" => SessionOrder.NewestFirst,
        "oldest" => SessionOrder.OldestFirst,
        _ => throw Problem.BadRequest("A parameter is not understood", $"'order' is newest or oldest; '{order}' is neither."),
    };

    /// <summary>The zone of the browser, as <c>Date.getTimezoneOffset</c> says it.</summary>
    private static TimeSpan ZoneOf(HttpContext context) =>
        context.Request.Query["zone"].ToString() is not { Length: > 0 } text ? TimeSpan.Zero
        : int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var minutes) && Math.Abs(minutes) <= MaxZoneMinutes ? TimeSpan.FromMinutes(-minutes)
        : throw Problem.BadRequest("A parameter is not understood", $"'zone' is a number of minutes, as Date.getTimezoneOffset gives it; '{text}' is none.");
}
