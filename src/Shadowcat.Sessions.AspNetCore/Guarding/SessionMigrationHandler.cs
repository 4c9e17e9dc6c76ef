using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Lets the SDK take over a session of another replica, as the guard decided.</summary>
internal sealed class SessionMigrationHandler(MigratingSessions sessions, ILogger<SessionMigrationHandler> logger) : ISessionMigrationHandler
{
    public async ValueTask OnSessionInitializedAsync(
        HttpContext context, string sessionId, InitializeRequestParams initializeParams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(initializeParams);
        var request = RequestOf(context);
        try
        {
            await sessions.BeginAsync(sessionId, SessionOwner.From(context.User), initializeParams, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException exception)
        {
            if (exception is SessionLimitExceededException limit)
            {
                MigrationMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", limit.Limit));
            }

            request.Unstored = sessionId;
            throw;
        }
    }

    public async ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(HttpContext context, string sessionId, CancellationToken cancellationToken)
    {
        var request = RequestOf(context);
        if (request.Failure is SessionSerializationException)
        {
            // That does not pass, as an outage does: a client that is told so begins a new session.
            AspNetCoreLog.NotResumable(logger, "its record cannot be read");
            return null;
        }

        if (request.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (request.Session is not { } session)
        {
            return null;
        }

        if (request.NamesOtherVersion)
        {
            // The server that takes a session over learns the version from the header only, and refuses every other from then on.
            throw new OtherVersionException();
        }

        var (client, reason) = await sessions.RestoreAsync(session, cancellationToken).ConfigureAwait(false);
        if (client is null)
        {
            AspNetCoreLog.NotResumable(logger, reason!);
            return null;
        }

        AspNetCoreLog.Resumed(logger);
        return client;
    }

    /// <summary>Without the guard nobody would have asked whose the session is, or whether it was deleted.</summary>
    private static GuardedRequest RequestOf(HttpContext context) => context.Features.Get<GuardedRequest>() ?? throw new InvalidOperationException(
        "Sessions migrate only where MapMcp's endpoints are reached through ASP.NET Core's routing, which was bypassed here.");
}
