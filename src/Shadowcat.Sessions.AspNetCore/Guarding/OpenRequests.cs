using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Looks after the sessions whose requests are served for long, such as the stream on which a client listens: who listens uses his session, and what another replica ended ends here too.</summary>
/// <remarks>A look at a session costs one read of its record; those of all sessions are made together.</remarks>
internal sealed class OpenRequests(MigratingSessions sessions, IServiceScopeFactory scopes, ILogger<OpenRequests> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int LooksAtATime = 256;

    private readonly ConcurrentDictionary<Request, bool> _requests = new();

    /// <summary>Says that a request of a session is served, until the result is disposed of.</summary>
    public IDisposable Enter(ClaimsPrincipal user, string sessionId)
    {
        var request = new Request(this, user, sessionId);
        _requests.TryAdd(request, true);
        return request;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, sessions.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await Parallel.ForEachAsync(
                    _requests.Keys.DistinctBy(request => request.SessionId),
                    new ParallelOptions { MaxDegreeOfParallelism = LooksAtATime, CancellationToken = stoppingToken },
                    LookAsync).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async ValueTask LookAsync(Request request, CancellationToken cancellationToken)
    {
        try
        {
            var session = await sessions.FindAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
            if (session is null || MigratingSessions.IsEndedByPeers(session))
            {
                await EndAsync(request).ConfigureAwait(false);
            }
            else
            {
                await sessions.TryKeepAliveAsync(session, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SessionStoreException)
        {
            // As long as the store cannot say, what this replica has goes on. An outage is the store's to log, and the guard's where there is a request.
        }
#pragma warning disable CA1031 // Whatever a store or the SDK says of one session, the others are looked after, and the host goes on.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            AspNetCoreLog.NotLookedAfter(logger, exception);
        }
    }

    private async ValueTask EndAsync(Request request)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await LocalSessions.EndAsync(scope.ServiceProvider, request.User, request.SessionId).ConfigureAwait(false);
        }
    }

    /// <summary>A request, and of it only what may be looked at when it is over.</summary>
    private sealed class Request(OpenRequests open, ClaimsPrincipal user, string sessionId) : IDisposable
    {
        public ClaimsPrincipal User => user;

        public string SessionId => sessionId;

        public void Dispose() => open._requests.TryRemove(this, out _);
    }
}
