using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Inspector.Tests.Registration;

/// <summary>Authenticates nobody: who somebody is was found out before.</summary>
internal sealed class Nobody(IOptionsMonitor<NobodyOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<NobodyOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
}
