using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Checks <see cref="BufferedSessionStoreOptions"/>.</summary>
internal sealed class BufferedSessionStoreOptionsValidator : IValidateOptions<BufferedSessionStoreOptions>
{
    public static BufferedSessionStoreOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, BufferedSessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(BufferedSessionStoreOptions));
        rules.Range(nameof(options.MaxBufferedFrames), options.MaxBufferedFrames, 1, 100_000_000, " frames");
        rules.Range(nameof(options.MaxBufferedBytes), options.MaxBufferedBytes, 1, 1L << 40, " bytes");
        rules.Range(nameof(options.MaxRetryDelay), options.MaxRetryDelay, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        rules.Range(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        rules.Range(nameof(options.RememberedSessions), options.RememberedSessions, 0, 10_000_000, " sessions");
        return rules.ToResult();
    }
}
