using System.CommandLine;
using System.Globalization;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>How many of the newest frames of a session are wanted.</summary>
internal static class LastOption
{
    /// <param name="description">What it is for.</param>
    public static Option<long?> Create(string description)
    {
        return new Option<long?>("--last")
        {
            Description = description,
            HelpName = "frames",
            CustomParser = result =>
            {
                if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var frames))
                {
                    return frames;
                }

                result.AddError($"'--last' takes how many frames, such as 20; '{result.Tokens[0].Value}' is no such number.");
                return null;
            },
        };
    }

    /// <summary>The frames that are wanted: all of them where the option is left out.</summary>
    public static FrameRange Range(ParseResult parse, Option<long?> last) => parse.GetValue(last) is { } count ? FrameRange.Last(count) : FrameRange.All;
}
