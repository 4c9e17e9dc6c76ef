using Microsoft.AspNetCore.Authentication;

namespace Gateway.Replicas;

/// <summary><see cref="DemoAuthentication"/> has nothing to set.</summary>
internal sealed class DemoAuthenticationOptions : AuthenticationSchemeOptions;
