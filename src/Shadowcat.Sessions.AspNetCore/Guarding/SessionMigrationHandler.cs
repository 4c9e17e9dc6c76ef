using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Lets the SDK resume a session of another replica, where the guard has allowed it.</summary>
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
            // Unlike an outage, this does not end by itself. A client that gets 404 begins a new session.
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
            // A server that resumes a session takes the version from the header, and refuses any other from then on.
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

    /// <summary>Without the guard, neither the owner of the session nor its end would have been checked.</summary>
    private static GuardedRequest RequestOf(HttpContext context) => context.Features.Get<GuardedRequest>() ?? throw new InvalidOperationException(
        "WithSessionMigration needs the endpoints of MapMcp to be reached through the routing of ASP.NET Core, which this request bypassed. Call MapMcp on the application, and do not invoke its endpoints by hand.");
}
