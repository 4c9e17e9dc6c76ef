using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Checks <see cref="SessionStoreHealthCheckOptions"/>.</summary>
internal sealed class SessionStoreHealthCheckOptionsValidator : IValidateOptions<SessionStoreHealthCheckOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static SessionStoreHealthCheckOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, SessionStoreHealthCheckOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(SessionStoreHealthCheckOptions));
        rules.Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(10), Longest);
        rules.Range(nameof(options.DegradedLatency), options.DegradedLatency, TimeSpan.FromMilliseconds(1), Longest);
        return rules.ToResult();
    }
}
