using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Checks <see cref="SessionEventStoreOptions"/>.</summary>
internal sealed class SessionEventStoreOptionsValidator : IValidateOptions<SessionEventStoreOptions>
{
    public static SessionEventStoreOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, SessionEventStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(SessionEventStoreOptions));
        if (options.TimeToLive is { } timeToLive)
        {
            rules.Range(nameof(options.TimeToLive), timeToLive, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(3650));
        }

        rules.Range(nameof(options.MaxEvents), options.MaxEvents, 1, 10_000_000, " events");
        rules.Range(nameof(options.MaxBytes), options.MaxBytes, 1, 1L << 40, " bytes");
        return rules.ToResult();
    }
}
