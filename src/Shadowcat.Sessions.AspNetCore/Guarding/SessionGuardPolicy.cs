using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Puts the guard before the MCP endpoints: behind whatever the application does first, such as finding out who the user is.</summary>
/// <remarks>
/// The SDK asks nobody about the sessions that a replica has, nor about those that a client deletes. Routing is the one place that a registration
/// reaches and every request for these endpoints goes through.
/// </remarks>
internal sealed class SessionGuardPolicy(SessionGuard guard) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _guarded = [];

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
                candidates.ReplaceEndpoint(i, _guarded.GetValue(candidate.Endpoint, Guarded), candidate.Values);
            }
        }

        return Task.CompletedTask;
    }

    private Endpoint Guarded(Endpoint endpoint)
    {
        var next = endpoint.RequestDelegate!;
        RequestDelegate guarded = context => guard.InvokeAsync(context, next);
        return endpoint is RouteEndpoint route
            ? new RouteEndpoint(guarded, route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
            : new Endpoint(guarded, endpoint.Metadata, endpoint.DisplayName);
    }
}
