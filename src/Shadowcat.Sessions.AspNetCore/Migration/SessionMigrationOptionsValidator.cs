using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Checks <see cref="SessionMigrationOptions"/>.</summary>
internal sealed class SessionMigrationOptionsValidator : IValidateOptions<SessionMigrationOptions>
{
    public static SessionMigrationOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, SessionMigrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(SessionMigrationOptions));
        rules.Range(nameof(options.MaxStreamDuration), options.MaxStreamDuration, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        return rules.ToResult();
    }
}
