using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Tells one page what the following says that it shares with others. It takes part in the one that has come as far as the page, and changes it where that one goes ahead.</summary>
internal sealed class PageFollowing(SessionAccess access, HttpContext context, Session session, long next, SharedFollowings followings, TimeProvider time, CancellationToken stop)
{
    /// <summary>A stream that says nothing for longer might not be there any more.</summary>
    private static readonly TimeSpan CommentInterval = TimeSpan.FromSeconds(15);

    private readonly EventWriter _events = EventWriter.Begin(context);
    private Session _session = session;
    private long _next = next;
    private bool _isAway;

    /// <summary>When the page was told something last.</summary>
    private long _sent;

    /// <summary>Completes when it may be time for a comment.</summary>
    private Task? _silence;

    public async Task RunAsync()
    {
        await SendAsync(FollowEvent.OfSession(_session)).ConfigureAwait(false);
        var isEnded = false;
        while (!isEnded)
        {
            var (following, number) = followings.Join(_session, _next);
            try
            {
                isEnded = await TellAsync(following, number).ConfigureAwait(false);
            }
            finally
            {
                followings.Leave(following);
            }
        }
    }

    /// <summary>Tells the page what comes, until nothing comes any more.</summary>
    /// <returns>False where the page goes on with another following.</returns>
    private async Task<bool> TellAsync(SessionFollowing following, long number)
    {
        await CatchUpAsync(following).ConfigureAwait(false);
        while (await TakeAsync(following, number++).ConfigureAwait(false) is { } told)
        {
            if (!await TellAsync(told).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the following said before the page took part in it.</summary>
    private async ValueTask CatchUpAsync(SessionFollowing following)
    {
        await TellAsync(following.Watch.Absence ?? FollowEvent.Live).ConfigureAwait(false);
        if (following.Watch.Session is var known && (known.Version, known.FrameCount).CompareTo((_session.Version, _session.FrameCount)) > 0 && access.IsVisible(context, known))
        {
            await TellAsync(FollowEvent.OfSession(known)).ConfigureAwait(false);
        }
    }

    /// <returns>Whether more is to come.</returns>
    private async ValueTask<bool> TellAsync(FollowEvent told)
    {
        if (told.Session is { } session)
        {
            if (!access.IsVisible(context, session))
            {
                await SendAsync(FollowEvent.OfEnd("gone", Problem.NoSession().Message)).ConfigureAwait(false);
                return false;
            }

            _session = session;
        }

        var isAway = told.Type == "away" || (_isAway && told.Type != "live");
        if (told.Type is not ("away" or "live") || isAway != _isAway)
        {
            _isAway = isAway;
            await SendAsync(told).ConfigureAwait(false);
        }

        return !told.IsEnd;
    }

    private async ValueTask<FollowEvent?> TakeAsync(SessionFollowing following, long number)
    {
        var taking = following.Events.TakeAsync(number, stop);
        if (taking.IsCompletedSuccessfully)
        {
            return await taking.ConfigureAwait(false);
        }

        var taken = taking.AsTask();
        while (!taken.IsCompleted)
        {
            var left = CommentInterval - time.GetElapsedTime(_sent);
            if (left <= TimeSpan.Zero)
            {
                await _events.SendCommentAsync(stop).ConfigureAwait(false);
                _sent = time.GetTimestamp();
                continue;
            }

            _silence = _silence is { IsCompleted: false } ? _silence : Task.Delay(left, time, stop);
            await Task.WhenAny(taken, _silence).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
        }

        return await taken.ConfigureAwait(false);
    }

    private async ValueTask SendAsync(FollowEvent told)
    {
        _sent = time.GetTimestamp();
        if (told.HasFrames)
        {
            await _events.SendAsync(told.Type, told.Next, told.DataFrom(_next), stop).ConfigureAwait(false);
            _next = told.Next;
        }
        else
        {
            await _events.SendAsync(told.Type, id: null, told.Data, stop).ConfigureAwait(false);
        }
    }
}
