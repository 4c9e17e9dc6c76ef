using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Reads the numbers of an address.</summary>
internal static class QueryNumbers
{
    /// <summary>No frame has a greater sequence: a session begins at most halfway to it.</summary>
    public const long MaxSequence = 2 * SessionStoreLimits.MaxFirstSequence;

    /// <summary>A parameter; null where it is left out.</summary>
    /// <exception cref="ProblemException">It is no number, or out of bounds.</exception>
    public static long? Optional(HttpContext context, string name, long min, long max)
    {
        var text = context.Request.Query[name].ToString();
        return text.Length == 0 ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
            : throw Problem.BadRequest("A parameter is not understood", $"'{name}' is a number from {min} to {max}; '{text}' is not among them.");
    }

    /// <summary>The number of a frame in the path.</summary>
    /// <exception cref="ProblemException">It is no number.</exception>
    public static long Sequence(HttpContext context) =>
        long.TryParse(context.Request.RouteValues["sequence"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence <= MaxSequence
            ? sequence
            : throw Problem.BadRequest("A frame has a number", $"Frames are counted from 0; '{context.Request.RouteValues["sequence"]}' is no such number.");
}
