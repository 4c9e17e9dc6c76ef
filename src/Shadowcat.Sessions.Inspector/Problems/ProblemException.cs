namespace Shadowcat.Sessions.Inspector;

/// <summary>Ends a request with an answer that says what is wrong, and what to do.</summary>
/// <param name="status">The status of HTTP.</param>
/// <param name="title">What is wrong, in a few words.</param>
/// <param name="detail">What is wrong exactly, and what to do.</param>
internal sealed class ProblemException(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;

    /// <summary>Where in a search the mistake is, in characters from its beginning; null for any other problem.</summary>
    public int? Position { get; init; }

    /// <summary>How many characters the mistake has.</summary>
    public int? Length { get; init; }

    /// <summary>The oldest frame that is kept, where older ones were asked for.</summary>
    public long? FirstSequence { get; init; }
}
