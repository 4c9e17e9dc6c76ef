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
        Session? session;
        try
        {
            session = await sessions.FindAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException)
        {
            // As long as the store cannot say, what this replica has goes on; the guard logs what failed when there is a request.
            return;
        }

        if (session is null || MigratingSessions.HasEnded(session))
        {
            await EndAsync(request).ConfigureAwait(false);
        }
        else
        {
            await sessions.TryKeepAliveAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask EndAsync(Request request)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            try
            {
                await LocalSessions.EndAsync(scope.ServiceProvider, request.User, request.SessionId).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever the SDK says of one session, the others are looked after.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                AspNetCoreLog.NotEnded(logger, exception);
            }
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
