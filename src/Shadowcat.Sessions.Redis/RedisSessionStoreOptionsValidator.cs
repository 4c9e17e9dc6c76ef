using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Redis;

/// <summary>Checks <see cref="RedisSessionStoreOptions"/>. A configuration string is checked but never repeated: it may hold a password.</summary>
internal sealed class RedisSessionStoreOptionsValidator : IValidateOptions<RedisSessionStoreOptions>
{
    private const int MaxPrefixLength = 64;
    private const int MaxPartitions = 4096;
    private const int MaxConnections = 64;
    private const long MaxQueuedBytes = 16L * 1024 * 1024 * 1024;

    private static readonly SearchValues<char> PrefixCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:");

    public static RedisSessionStoreOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, RedisSessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(RedisSessionStoreOptions));
        rules.Holds(
            options.KeyPrefix is { Length: >= 1 and <= MaxPrefixLength } prefix && !prefix.AsSpan().ContainsAnyExcept(PrefixCharacters),
            nameof(options.KeyPrefix),
            options.KeyPrefix is null ? "null" : $"'{options.KeyPrefix}'",
            string.Create(CultureInfo.InvariantCulture, $"it must be 1 to {MaxPrefixLength} letters, digits, dots, dashes, underscores and colons"));
        if (options.Partitions is { } partitions)
        {
            rules.Range(nameof(options.Partitions), partitions, 1, MaxPartitions);
        }

        rules.Range(nameof(options.ConnectionCount), options.ConnectionCount, 1, MaxConnections);
        Timeout(rules, nameof(options.OperationTimeout), options.OperationTimeout);
        Timeout(rules, nameof(options.ReadTimeout), options.ReadTimeout);
        Timeout(rules, nameof(options.WriteTimeout), options.WriteTimeout);
        Timeout(rules, nameof(options.ListTimeout), options.ListTimeout);
        rules.Range(nameof(options.MaxRetries), options.MaxRetries, 0, 100);
        rules.Range(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        rules.Range(nameof(options.BreakerFailures), options.BreakerFailures, 1, 100_000);
        rules.Range(nameof(options.BreakerProbeInterval), options.BreakerProbeInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        rules.Range(
            nameof(options.TombstoneTimeToLive),
            options.TombstoneTimeToLive,
            TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, Math.Max(options.OperationTimeout.Ticks, options.WriteTimeout?.Ticks ?? 0))),
            TimeSpan.FromDays(1));
        rules.Range(nameof(options.MaxQueuedFrames), options.MaxQueuedFrames, 1, 10_000_000, " frames");
        rules.Range(nameof(options.MaxQueuedBytes), options.MaxQueuedBytes, 1, MaxQueuedBytes, " bytes");
        rules.Holds(
            Enum.IsDefined(options.QueueFullMode),
            nameof(options.QueueFullMode),
            options.QueueFullMode.ToString("D"),
            "it must be Wait or Fail");
        if (options.Configuration is not null && !RedisConfiguration.TryParse(options.Configuration, out _, out var problem))
        {
            rules.Holds(false, nameof(options.Configuration), "not shown, as it may hold a password", problem);
        }

        return rules.ToResult();
    }

    private static void Timeout(OptionRules rules, string option, TimeSpan? timeout)
    {
        if (timeout is { } value)
        {
            rules.Range(option, value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        }
    }
}
