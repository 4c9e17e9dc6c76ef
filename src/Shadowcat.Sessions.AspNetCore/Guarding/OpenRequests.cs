using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Checks the sessions of requests that stay open for long, such as the stream on which a client listens. It keeps open sessions alive, and ends those in this process that another replica has ended.</summary>
/// <remarks>A check costs one read of each session. The sessions are read in parallel.</remarks>
internal sealed class OpenRequests(MigratingSessions sessions, IServiceScopeFactory scopes, ILogger<OpenRequests> logger) : BackgroundService
{
    /// <summary>The time between two checks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int MaxParallelChecks = 256;

    private readonly ConcurrentDictionary<Request, bool> _requests = new();

    /// <summary>Adds a request of a session, until the result is disposed of.</summary>
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
                    new ParallelOptions { MaxDegreeOfParallelism = MaxParallelChecks, CancellationToken = stoppingToken },
                    CheckAsync).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async ValueTask CheckAsync(Request request, CancellationToken cancellationToken)
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
            // While the store is unavailable, sessions of this replica stay open. The store logs the outage, and the guard the requests that fail.
        }
#pragma warning disable CA1031 // A failure of one session must neither end the checks of the others nor the host.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            AspNetCoreLog.CheckFailed(logger, exception);
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

    /// <summary>A request: only what may be used after it has ended.</summary>
    private sealed class Request(OpenRequests open, ClaimsPrincipal user, string sessionId) : IDisposable
    {
        public ClaimsPrincipal User => user;

        public string SessionId => sessionId;

        public void Dispose() => open._requests.TryRemove(this, out _);
    }
}
