using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Checks <see cref="SessionRecordingOptions"/>.</summary>
internal sealed class SessionRecordingOptionsValidator : IValidateOptions<SessionRecordingOptions>
{
    private const int MaxPayload = 256 * 1024 * 1024;

    public static SessionRecordingOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, SessionRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(SessionRecordingOptions));
        rules.Range(nameof(options.MaxQueuedMessages), options.MaxQueuedMessages, 1, 10_000_000, " messages");
        rules.Range(nameof(options.MaxFrameBytes), options.MaxFrameBytes, 1, MaxPayload, " bytes");
        rules.Range(nameof(options.MaxQueuedBytes), options.MaxQueuedBytes, options.MaxFrameBytes, Math.Max(64L << 30, options.MaxFrameBytes), " bytes");
        rules.Holds(Enum.IsDefined(options.WhenFull), nameof(options.WhenFull), options.WhenFull.ToString(), "it must be Drop or Wait");
        rules.Range(nameof(options.WriteDelay), options.WriteDelay, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        rules.Holds(
            options.Tags is not null && options.Tags.All(IsTag) && options.Tags.Distinct(StringComparer.Ordinal).Count() <= SessionTags.MaxCount,
            nameof(options.Tags),
            options.Tags is null ? "null" : $"'{string.Join("', '", options.Tags)}'",
            $"it must be at most {SessionTags.MaxCount} labels of 1 to {SessionTag.MaxLength} characters without control characters");
        if (options.TimeToLive is { } timeToLive)
        {
            rules.Range(nameof(options.TimeToLive), timeToLive, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(3650));
        }

        rules.Range(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        rules.Range(nameof(options.OpenTimeout), options.OpenTimeout, options.IdleTimeout, TimeSpan.FromDays(30));
        rules.Range(nameof(options.MaxOpenSessions), options.MaxOpenSessions, 1, 1_000_000, " sessions");
        rules.Range(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        rules.Range(nameof(options.RedactionTimeout), options.RedactionTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        rules.Holds(
            options.Redactors is not null && !options.Redactors.Contains(null!), nameof(options.Redactors), "null or holds a null", "it must not be");
        var limits = options.ClientLimits is null ? ValidateOptionsResult.Success : ClientLimitsValidator.Instance.Validate(name, options.ClientLimits);
        var result = rules.ToResult();
        return limits.Failed ? ValidateOptionsResult.Fail([.. result.Failures ?? [], .. limits.Failures]) : result;
    }

    private static bool IsTag(string? text)
    {
        try
        {
            _ = new SessionTag(text!);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
