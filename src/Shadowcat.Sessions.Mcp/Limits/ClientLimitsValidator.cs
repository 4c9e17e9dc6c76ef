using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Checks <see cref="ClientLimits"/> against their bounds, for a host that binds them itself.</summary>
/// <example><code>services.AddSingleton&lt;IValidateOptions&lt;ClientLimits&gt;&gt;(ClientLimitsValidator.Instance).AddOptions&lt;ClientLimits&gt;().ValidateOnStart();</code></example>
public sealed class ClientLimitsValidator : IValidateOptions<ClientLimits>
{
    private const int MaxPayload = 256 * 1024 * 1024;

    private ClientLimitsValidator()
    {
    }

    /// <summary>The validator. It has no state.</summary>
    public static ClientLimitsValidator Instance { get; } = new();

    /// <summary>Checks limits.</summary>
    /// <param name="name">The name of the options, which does not matter.</param>
    /// <param name="options">The limits.</param>
    /// <returns>Success, or a sentence for each limit that is out of bounds, with its value and its bounds.</returns>
    /// <exception cref="ArgumentNullException">The limits are null.</exception>
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
