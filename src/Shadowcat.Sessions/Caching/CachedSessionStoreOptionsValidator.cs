using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Checks <see cref="CachedSessionStoreOptions"/>.</summary>
internal sealed class CachedSessionStoreOptionsValidator : IValidateOptions<CachedSessionStoreOptions>
{
    /// <summary>What the cache needs for its three queues.</summary>
    private const int MinCapacity = 3;

    private const int MaxCapacity = 10_000_000;

    public static CachedSessionStoreOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, CachedSessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(CachedSessionStoreOptions));
        rules.Range(nameof(options.Capacity), options.Capacity, MinCapacity, MaxCapacity, " sessions");
        rules.Range(nameof(options.MaxStaleness), options.MaxStaleness, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        rules.Range(nameof(options.MaxSessionBytes), options.MaxSessionBytes, 1024, 1024 * 1024, " bytes");
        return rules.ToResult();
    }
}
