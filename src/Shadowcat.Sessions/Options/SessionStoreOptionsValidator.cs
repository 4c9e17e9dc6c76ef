using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Checks <see cref="SessionStoreOptions"/>. A registration does so when the host starts; a store that is made by hand does so in its constructor, by <see cref="OptionRules.Checked"/>.</summary>
public sealed class SessionStoreOptionsValidator : IValidateOptions<SessionStoreOptions>
{
    private const int MaxPayload = 256 * 1024 * 1024;

    /// <summary>The one that there has to be.</summary>
    public static SessionStoreOptionsValidator Instance { get; } = new();

    /// <summary>Checks options.</summary>
    /// <param name="name">Their name, which does not matter.</param>
    /// <param name="options">The options.</param>
    /// <returns>A success, or everything that is wrong.</returns>
    public ValidateOptionsResult Validate(string? name, SessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(SessionStoreOptions));
        rules.Range(nameof(options.TimeToLive), options.TimeToLive, Lifetime.Min, Lifetime.Max);
        if (options.MaxLifetime is { } maxLifetime)
        {
            rules.Range(nameof(options.MaxLifetime), maxLifetime, Lifetime.Min, Lifetime.Max);
        }

        rules.Range(nameof(options.MaxFrameBytes), options.MaxFrameBytes, 1, MaxPayload, " bytes");
        rules.Range(nameof(options.MaxBatchBytes), options.MaxBatchBytes, options.MaxFrameBytes, Math.Max(MaxPayload, options.MaxFrameBytes), " bytes");
        if (options.MaxFramesPerSession is { } frames)
        {
            rules.Range(nameof(options.MaxFramesPerSession), frames, 1, uint.MaxValue, " frames");
        }

        if (options.MaxFramesBytesPerSession is { } bytes)
        {
            rules.Range(nameof(options.MaxFramesBytesPerSession), bytes, 1, 1L << 40, " bytes");
        }

        rules.Holds(
            Enum.IsDefined(options.FrameOverflow), nameof(options.FrameOverflow), options.FrameOverflow.ToString(), "it must be TrimOldest or Refuse");
        rules.Range(nameof(options.ReapInterval), options.ReapInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        return rules.ToResult();
    }
}
