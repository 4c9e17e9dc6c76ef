using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Runs code before the MCP endpoints, after the middleware of the application, such as authentication.</summary>
/// <remarks>Only routing can be extended by a registration and is passed by every request for these endpoints.</remarks>
internal abstract class McpEndpointPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _wrapped = [];

    /// <summary>After all other policies, so that only endpoints that will be called are wrapped.</summary>
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => ContainsDynamicEndpoints(endpoints) || endpoints.Any(McpEndpoints.IsOne);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        for (var i = 0; i < candidates.Count; i++)
        {
            ref var candidate = ref candidates[i];
            if (candidates.IsValidCandidate(i) && McpEndpoints.IsOne(candidate.Endpoint))
            {
                candidates.ReplaceEndpoint(i, _wrapped.GetValue(candidate.Endpoint, Wrapped), candidate.Values);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Serves a request, with or without calling the endpoint.</summary>
    protected abstract Task InvokeAsync(HttpContext context, RequestDelegate next);

    private Endpoint Wrapped(Endpoint endpoint)
    {
        var next = endpoint.RequestDelegate!;
        RequestDelegate wrapped = context => InvokeAsync(context, next);
        return endpoint is RouteEndpoint route
            ? new RouteEndpoint(wrapped, route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
            : new Endpoint(wrapped, endpoint.Metadata, endpoint.DisplayName);
    }
}
