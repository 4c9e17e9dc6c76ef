namespace Shadowcat.Sessions.Inspector;

/// <summary>A word of a search.</summary>
/// <param name="Field">What stands before its colon, in lower case; null for a word that may stand anywhere.</param>
/// <param name="Value">What is looked for.</param>
/// <param name="IsNegated">Whether it must not be found.</param>
/// <param name="Position">Where it begins in the search.</param>
/// <param name="Length">How many characters it has there.</param>
internal sealed record SearchTerm(string? Field, string Value, bool IsNegated, int Position, int Length)
{
    /// <summary>Says what is wrong with it.</summary>
    public ProblemException Mistake(string detail) => new(Microsoft.AspNetCore.Http.StatusCodes.Status400BadRequest, "The search is not understood", detail)
    {
        Position = Position,
        Length = Length,
    };
}
