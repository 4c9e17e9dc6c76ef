using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with the frames of a session as they come.</summary>
internal sealed class FollowAnswer(SessionAccess access, TimeProvider time, IHostApplicationLifetime? lifetime)
{
    private readonly SharedFollowings _followings = new(access, time);

    public async Task AnswerAsync(HttpContext context)
    {
        var from = QueryNumbers.Optional(context, "from", 0, QueryNumbers.MaxSequence);
        var session = await access.GetAsync(context).ConfigureAwait(false);

        // A browser that lost its connection says how far it came.
        var next = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var reached) && reached <= QueryNumbers.MaxSequence ? reached : from ?? session.FirstSequence;

        // A server that stops does not wait for pages to close.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime?.ApplicationStopping ?? CancellationToken.None);
        try
        {
            await new PageFollowing(access, context, session, next, _followings, time, stopping.Token).RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The page went away, or the server does: a page connects again where it was.
        }
    }
}
