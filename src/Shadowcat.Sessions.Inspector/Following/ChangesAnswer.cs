using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with the ids of sessions that change, as they change; with nothing where the store cannot say so.</summary>
internal sealed class ChangesAnswer(SessionAccess access, TimeProvider time, IHostApplicationLifetime? lifetime)
{
    private static readonly TimeSpan CommentInterval = TimeSpan.FromSeconds(15);

    private readonly SharedChanges _shared = new(time);

    public async Task AnswerAsync(HttpContext context)
    {
        if (access.Store.GetService<ISessionChanges>() is not { } changes)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime?.ApplicationStopping ?? CancellationToken.None);
        var changed = new ChangeSet();
        using (_shared.Join(changes, changed))
        {
            try
            {
                await RunAsync(context, changed, EventWriter.Begin(context), stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The page went away, or the server does.
            }
        }
    }

    private async Task RunAsync(HttpContext context, ChangeSet changed, EventWriter events, CancellationToken stop)
    {
        await events.SendCommentAsync(stop).ConfigureAwait(false);
        while (true)
        {
            using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                var change = changed.WaitAsync(waiting.Token).AsTask();
                await Task.WhenAny(change, Task.Delay(CommentInterval, time, waiting.Token)).ConfigureAwait(false);
                var hasChanged = change.IsCompletedSuccessfully;
                await waiting.CancelAsync().ConfigureAwait(false);
                await ((Task)change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stop.ThrowIfCancellationRequested();
                if (!hasChanged)
                {
                    await events.SendCommentAsync(stop).ConfigureAwait(false);
                    continue;
                }
            }

            var (ids, isIncomplete) = changed.Take();
            var visible = await VisibleAsync(context, ids, stop).ConfigureAwait(false);
            if (visible.Count > 0 || isIncomplete)
            {
                await events.SendAsync("sessions", id: null, json => Write(json, visible, isIncomplete), stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Those that the user may be told of. What is gone is told to users who see all: of whom it was, nobody knows any more.</summary>
    private async ValueTask<IReadOnlyCollection<SessionId>> VisibleAsync(HttpContext context, IReadOnlyCollection<SessionId> ids, CancellationToken stop)
    {
        if (ids.Count == 0 || !access.IsRestricted)
        {
            return ids;
        }

        try
        {
            var sessions = await access.Store.GetSessionsAsync([.. ids], stop).ConfigureAwait(false);
            return [.. sessions.Where(session => session is not null && access.IsVisible(context, session)).Select(static session => session!.Id)];
        }
        catch (SessionStoreException)
        {
            // The page reads its list anew when it is told of the next change, and from time to time.
            return [];
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyCollection<SessionId> ids, bool isIncomplete)
    {
        json.WriteStartObject();
        json.WriteStartArray("ids");
        foreach (var id in ids)
        {
            json.WriteStringValue(id.Value);
        }

        json.WriteEndArray();
        json.WriteBoolean("more", isIncomplete);
        json.WriteEndObject();
    }
}
