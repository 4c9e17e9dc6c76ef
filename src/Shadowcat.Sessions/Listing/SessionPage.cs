namespace Shadowcat.Sessions;

/// <summary>A page of a listing.</summary>
/// <param name="Sessions">The sessions of the page; may be fewer than asked for, even none, where a filter passed many by.</param>
/// <param name="ContinuationToken">What to ask the next page with; null on the last page.</param>
public sealed record SessionPage(IReadOnlyList<Session> Sessions, string? ContinuationToken);
