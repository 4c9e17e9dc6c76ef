using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Inspector;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the page on which the sessions of a store can be seen.</summary>
public static class SessionInspectorEndpointRouteBuilderExtensions
{
    /// <summary>Maps a page that shows the sessions of the registered <see cref="ISessionStore"/> and their messages, live, and what that page asks for. Nothing but a demanded deletion changes the store.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="pattern">The path of the page.</param>
    /// <param name="configure">Says what is shown, and to whom; null, the default, for every session of the store without a name.</param>
    /// <returns>The endpoints, to demand an authorization of: whoever may open the page can read whatever was recorded. Outside Development, the application does not start without <c>RequireAuthorization</c> or <c>AllowAnonymous</c>.</returns>
    /// <exception cref="ArgumentException">The pattern is null or has parameters.</exception>
    /// <exception cref="InvalidOperationException">No such store is registered, or a policy is named and authorization is not registered.</exception>
    /// <example><code>app.MapSessionInspector("/sessions").RequireAuthorization("operators");</code></example>
    public static IEndpointConventionBuilder MapSessionInspector(this IEndpointRouteBuilder endpoints, string pattern = "/sessions", Action<SessionInspectorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.AsSpan().IndexOfAny('{', '}', '*') >= 0)
        {
            throw new ArgumentException($"The path of the inspector has no parameters; '{pattern}' has.", nameof(pattern));
        }

        var options = new SessionInspectorOptions();
        configure?.Invoke(options);
        Check(endpoints.ServiceProvider, options);
        PageAssets.Prepare();
        var group = endpoints.MapGroup(pattern);
        var own = endpoints.DataSources.Last();
        Map(group, endpoints.ServiceProvider, options);
        ((IEndpointConventionBuilder)group).Finally(endpoint => AuthorizationCheck.Require(endpoint, endpoints.ServiceProvider, pattern));
        if (endpoints is IApplicationBuilder application)
        {
            // The pipeline is built when the host starts, behind all that the application says of these endpoints.
            application.Use(next =>
            {
                _ = own.Endpoints;
                return next;
            });
        }

        return group;
    }

    private static void Check(IServiceProvider services, SessionInspectorOptions options)
    {
        var known = services.GetRequiredService<IServiceProviderIsKeyedService>();
        if (options.StoreName is { } name ? !known.IsKeyedService(typeof(ISessionStore), name) : !known.IsService(typeof(ISessionStore)))
        {
            throw new InvalidOperationException(options.StoreName is null
                ? "The session inspector shows the registered ISessionStore, and none is: call AddShadowcatSessions and choose a store, or name one in SessionInspectorOptions.StoreName."
                : $"The session inspector shows the store '{options.StoreName}', and none of that name is registered: call AddShadowcatSessions(\"{options.StoreName}\") and choose a store.");
        }

        if (options.DeletePolicy is not null && !known.IsService(typeof(IAuthorizationService)))
        {
            throw new InvalidOperationException($"The session inspector lets those delete who meet the policy '{options.DeletePolicy}', and authorization is not registered: call AddAuthorization.");
        }
    }

    private static void Map(RouteGroupBuilder group, IServiceProvider services, SessionInspectorOptions options)
    {
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var lifetime = services.GetService<IHostApplicationLifetime>();
        var access = new SessionAccess(() => options.StoreName is { } name ? services.GetRequiredKeyedService<ISessionStore>(name) : services.GetRequiredService<ISessionStore>(), options);
        var permission = new DeletePermission(options);
        var frame = new SingleFrame(access);
        var export = new ExportAnswer(access, options);
        group.MapGet("/", PageAnswer.AnswerPageAsync);
        group.MapGet("/assets/{hash}/{**file}", PageAnswer.AnswerAssetAsync);
        Data("/api/info", new InfoAnswer(access, options, permission, time).AnswerAsync);
        Data("/api/sessions", new SessionListing(access, time).AnswerAsync);
        Data("/api/sessions/{id}", async context =>
        {
            var session = await access.GetAsync(context).ConfigureAwait(false);
            await JsonAnswer.WriteAsync(context, json => SessionSummary.Write(json, session)).ConfigureAwait(false);
        });
        Data("/api/sessions/{id}/frames", new FramePage(access).AnswerAsync);
        Data("/api/sessions/{id}/frames/{sequence}", frame.AnswerAsync);
        Data("/api/sessions/{id}/frames/{sequence}/payload", frame.AnswerPayloadAsync);
        Data("/api/sessions/{id}/follow", new FollowAnswer(access, time, lifetime).AnswerAsync);
        Data("/api/sessions/{id}/export", export.AnswerAsync);
        Data("/api/export", export.AnswerManyAsync);
        Data("/api/changes", new ChangesAnswer(access, time, lifetime).AnswerAsync);
        Data("/api/{**rest}", static _ => throw Problem.NoAddress());
        group.MapPost("/api/sessions/delete", InspectorEndpoint.Data(new DeleteAnswer(access, permission).AnswerAsync));

        void Data(string path, Func<HttpContext, Task> handle) => group.MapGet(path, InspectorEndpoint.Data(handle));
    }
}
