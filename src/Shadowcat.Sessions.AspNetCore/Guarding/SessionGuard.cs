using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Runs before the MCP endpoints, and decides by the stored session whether a request may use it, whichever replicas hold the session.</summary>
internal sealed class SessionGuard(
    ILogger<SessionGuard> logger, IOptions<SessionMigrationOptions> migration, MigratingSessions? sessions = null, OpenRequests? open = null, EventLog? events = null)
{
    /// <summary>Lets a request through, or refuses it.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var sessionId = McpEndpoints.SessionOf(context.Request);
        return sessions is null ? ServeAsync(context, next, sessionId) : ServeMigratingAsync(sessions, context, next, sessionId);
    }

    /// <summary>Where sessions do not migrate, only the events of a deleted session have to be deleted.</summary>
    private async Task ServeAsync(HttpContext context, RequestDelegate next, string? sessionId)
    {
        await next(context).ConfigureAwait(false);
        if (sessionId is not null && HttpMethods.IsDelete(context.Request.Method) && context.Response.StatusCode == StatusCodes.Status200OK)
        {
            await events!.DeleteAsync(sessionId, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task ServeMigratingAsync(MigratingSessions store, HttpContext context, RequestDelegate next, string? sessionId)
    {
        var request = new GuardedRequest();
        try
        {
            if (sessionId is not null)
            {
                if (await AdmitAsync(store, context, sessionId).ConfigureAwait(false) is not { } admitted)
                {
                    await Refusal.NotFound.WriteAsync(context).ConfigureAwait(false);
                    return;
                }

                request = admitted;
            }

            if (HttpMethods.IsPost(context.Request.Method))
            {
                // It may be refused after its body was read, and the refusal needs its id.
                request.Scan = Scan(context.Request);
            }

            context.Features.Set(request);
            using var serving = sessionId is null ? null : open?.Enter(context.User, sessionId);
            using var listening = HttpMethods.IsGet(context.Request.Method) ? new CancellationTokenSource(migration.Value.MaxStreamDuration, store.Clock) : null;
            using var ending = listening is null ? null : CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, listening.Token);
            context.RequestAborted = ending?.Token ?? context.RequestAborted;
            await next(context).ConfigureAwait(false);
        }
        catch (OtherVersionException)
        {
            await Refusal.OtherVersion.WriteAsync(context, request.Scan).ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (!context.Response.HasStarted)
        {
            AspNetCoreLog.Unavailable(logger, exception);
            if (request.Unstored is { } unstored)
            {
                await LocalSessions.EndAsync(context.RequestServices, context.User, unstored).ConfigureAwait(false);
            }

            await Refusal.Of(exception).WriteAsync(context, request.Scan).ConfigureAwait(false);
        }
    }

    private static MessageScan Scan(HttpRequest request)
    {
        var scan = new MessageScan();
        request.Body = new ScannedBody(request.Body, scan);
        return scan;
    }

    /// <summary>Decides about a request with a session id; null where there is no such session, or it belongs to another owner.</summary>
    private async Task<GuardedRequest?> AdmitAsync(MigratingSessions store, HttpContext context, string sessionId)
    {
        var isDelete = HttpMethods.IsDelete(context.Request.Method);
        Session? session;
        try
        {
            session = await store.FindAsync(sessionId, context.RequestAborted).ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (!isDelete)
        {
            // Sessions that this replica holds stay usable. None is resumed here: the migration handler throws this exception.
            return new GuardedRequest { Failure = exception };
        }

        if (session is not null && !Owners.IsOf(session, context.User))
        {
            if (isDelete)
            {
                // The SDK answers as for a session that does not exist: it gets an id that does not.
                context.Request.Headers[McpEndpoints.SessionIdHeader] = Guid.NewGuid().ToString("N");
                return new GuardedRequest();
            }

            return null;
        }

        if (isDelete)
        {
            await EndAsync(store, session, sessionId, context.RequestAborted).ConfigureAwait(false);
        }

        if (session is null || MigratingSessions.IsEndedByPeers(session))
        {
            // Another replica may have ended the session, and this one may still hold it. A DELETE is answered by the SDK.
            await LocalSessions.EndAsync(context.RequestServices, context.User, sessionId).ConfigureAwait(false);
            return isDelete ? new GuardedRequest() : null;
        }

        if (!isDelete)
        {
            await store.TryKeepAliveAsync(session, context.RequestAborted).ConfigureAwait(false);
        }

        return new GuardedRequest { Session = session, NamesOtherVersion = NamesOtherVersion(context.Request, session) };
    }

    /// <summary>
    /// Whether a request names another protocol version than was negotiated. Where this process holds the session, the SDK answers that. Adds the header for a client of a revision that does not require
    /// it.
    /// </summary>
    private static bool NamesOtherVersion(HttpRequest request, Session session)
    {
        if (session.VersionState?.Negotiated is not { } version || HttpMethods.IsDelete(request.Method))
        {
            return false;
        }

        if (request.Headers[McpEndpoints.VersionHeader].ToString() is { Length: > 0 } named)
        {
            return named != version;
        }

        request.Headers[McpEndpoints.VersionHeader] = version;
        return false;
    }

    /// <summary>Ends a session in the store first, where all replicas see it. In the other order, a failure in between would leave a session that can be resumed.</summary>
    private async ValueTask EndAsync(MigratingSessions store, Session? session, string sessionId, CancellationToken cancellationToken)
    {
        if (session is not null)
        {
            await store.EndAsync(session, cancellationToken).ConfigureAwait(false);
        }

        if (events is not null)
        {
            await events.DeleteAsync(sessionId, cancellationToken).ConfigureAwait(false);
        }
    }
}
