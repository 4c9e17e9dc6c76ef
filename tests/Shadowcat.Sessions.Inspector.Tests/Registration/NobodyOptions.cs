using Microsoft.AspNetCore.Authentication;

namespace Shadowcat.Sessions.Inspector.Tests.Registration;

/// <summary><see cref="Nobody"/> has nothing to set.</summary>
internal sealed class NobodyOptions : AuthenticationSchemeOptions;
