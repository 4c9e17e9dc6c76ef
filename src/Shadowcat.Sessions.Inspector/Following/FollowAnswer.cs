using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with the frames of a session as they come.</summary>
internal sealed class FollowAnswer(SessionAccess access, TimeProvider time, IHostApplicationLifetime? lifetime)
{
    private readonly ReadingBudget _budget = new(time);

    public async Task AnswerAsync(HttpContext context)
    {
        var from = QueryNumbers.Optional(context, "from", 0, QueryNumbers.MaxSequence);
        var session = await access.GetAsync(context).ConfigureAwait(false);

        // A browser that lost its connection says how far it came.
        var next = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var reached) && reached <= QueryNumbers.MaxSequence ? reached : from ?? session.FirstSequence;

        // A server that stops does not wait for pages to close.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime?.ApplicationStopping ?? CancellationToken.None);
        using var following = new SessionFollowing(access, context, session, next, EventWriter.Begin(context), _budget, time, stopping.Token);
        try
        {
            await following.RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The page went away, or the server does: a page connects again where it was.
        }
    }
}
