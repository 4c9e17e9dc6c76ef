namespace Shadowcat.Sessions.Redis;

/// <summary>Entries that were read from the index of a partition.</summary>
/// <param name="Places">The places of sessions, in the order of the listing.</param>
/// <param name="Foreign">How many other entries there were among them: somebody else put them there.</param>
/// <param name="End">Where the next ones are; null where there are no more.</param>
internal sealed record IndexChunk(IReadOnlyList<SessionPlace> Places, int Foreign, IndexPlace? End);
