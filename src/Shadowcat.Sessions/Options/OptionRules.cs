using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Collects what is wrong with options, each with its name, its value and its bounds.</summary>
internal sealed class OptionRules(string options)
{
    private readonly List<string> _failures = [];

    public void Range<T>(string option, T value, T min, T max, string unit = "")
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            _failures.Add(FormattableString.Invariant($"{options}.{option} is {value}{unit}; it must be between {min}{unit} and {max}{unit}."));
        }
    }

    public void Holds(bool holds, string option, string value, string rule)
    {
        if (!holds)
        {
            _failures.Add($"{options}.{option} is {value}; {rule}.");
        }
    }

    public ValidateOptionsResult ToResult() => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    /// <summary>Throws what a host's start-up check throws, for options that went past it.</summary>
    public static TOptions Checked<TOptions>(TOptions options, IValidateOptions<TOptions> validator)
        where TOptions : class
    {
        var result = validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options);
        return result.Succeeded
            ? options
            : throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(TOptions), result.Failures);
    }
}
