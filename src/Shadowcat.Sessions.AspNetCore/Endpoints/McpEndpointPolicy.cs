using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Puts something before the MCP endpoints: behind whatever the application does first, such as finding out who the user is.</summary>
/// <remarks>Routing is the one place that a registration reaches and every request for these endpoints goes through.</remarks>
internal abstract class McpEndpointPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _wrapped = [];

    /// <summary>After all others: what they leave is what will be called.</summary>
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

    /// <summary>Serves a request, by way of the endpoint or not.</summary>
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
