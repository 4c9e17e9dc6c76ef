using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Collects what is wrong with options, each with its name, its value and its bounds, so that all of it is said at once.</summary>
/// <param name="options">The name of the type of options, as failures say it.</param>
/// <example>
/// <code>
/// internal sealed class FileStoreOptionsValidator : IValidateOptions&lt;FileStoreOptions&gt;
/// {
///     public ValidateOptionsResult Validate(string? name, FileStoreOptions options)
///     {
///         var rules = new OptionRules(nameof(FileStoreOptions));
///         rules.Holds(Directory.Exists(options.Directory), nameof(options.Directory), $"'{options.Directory}'", "it must exist");
///         rules.Range(nameof(options.MaxOpenFiles), options.MaxOpenFiles, 1, 1000, " files");
///         return rules.ToResult();
///     }
/// }
/// </code>
/// </example>
public sealed class OptionRules(string options)
{
    private readonly List<string> _failures = [];

    /// <summary>Wants a value between two others, both included.</summary>
    /// <typeparam name="T">What is compared.</typeparam>
    /// <param name="option">The name of the option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="min">The least value that it may have.</param>
    /// <param name="max">The greatest value that it may have.</param>
    /// <param name="unit">What is counted, with a space before it, as in <c>" bytes"</c>; empty, the default, where the values say it themselves.</param>
    public void Range<T>(string option, T value, T min, T max, string unit = "")
        where T : IComparable<T>
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            _failures.Add(FormattableString.Invariant($"{options}.{option} is {value}{unit}; it must be between {min}{unit} and {max}{unit}."));
        }
    }

    /// <summary>Wants something to hold.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="option">The name of the option.</param>
    /// <param name="value">Its value, as the failure shows it. Never a secret.</param>
    /// <param name="rule">What must hold, as the end of a sentence without its full stop: <c>it must exist</c>.</param>
    public void Holds(bool holds, string option, string value, string rule)
    {
        if (!holds)
        {
            _failures.Add($"{options}.{option} is {value}; {rule}.");
        }
    }

    /// <summary>What was found.</summary>
    /// <returns>A success, or everything that is wrong.</returns>
    public ValidateOptionsResult ToResult() => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    /// <summary>Checks options that went past the start-up check of a host, as those given to a constructor.</summary>
    /// <typeparam name="TOptions">The type of options.</typeparam>
    /// <param name="options">The options.</param>
    /// <param name="validator">Checks them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="OptionsValidationException">Something is wrong with them.</exception>
    public static TOptions Checked<TOptions>(TOptions options, IValidateOptions<TOptions> validator)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(validator);
        var result = validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options);
        return result.Succeeded
            ? options
            : throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(TOptions), result.Failures);
    }
}
