using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Checks <see cref="ClientLimits"/>.</summary>
internal sealed class ClientLimitsValidator : IValidateOptions<ClientLimits>
{
    private const int MaxPayload = 256 * 1024 * 1024;

    public static ClientLimitsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, ClientLimits options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(ClientLimits));
        rules.Range(nameof(options.MaxAnonymousFirstFrameBytes), options.MaxAnonymousFirstFrameBytes, 1024, MaxPayload, " bytes");
        rules.Range(
            nameof(options.MaxAnonymousSessionBytes), options.MaxAnonymousSessionBytes, options.MaxAnonymousFirstFrameBytes, Math.Max(1L << 40, options.MaxAnonymousFirstFrameBytes), " bytes");
        rules.Range(nameof(options.MaxSessionsPerPrincipal), options.MaxSessionsPerPrincipal, 1, 1_000_000, " sessions");
        rules.Range(nameof(options.MaxAnonymousSessions), options.MaxAnonymousSessions, 1, 1_000_000, " sessions");
        rules.Range(nameof(options.MaxStoredSessions), options.MaxStoredSessions, 1, 1_000_000_000, " sessions");
        return rules.ToResult();
    }
}
