namespace Shadowcat.Sessions.Redis;

/// <summary>Where a page of frames is asked for, in the list as it was known at that time.</summary>
/// <param name="First">The sequence of the first frame; null for the oldest one kept, and where the place is counted from the end.</param>
/// <param name="Start">The place of that frame in the list; counted from the end where it is negative.</param>
/// <param name="Count">How many frames.</param>
/// <param name="HasBefore">Whether the frame before it is asked for too: it shows that the page follows it, whatever a server lost.</param>
internal readonly record struct PagePlace(long? First, long Start, long Count, bool HasBefore = false)
{
    /// <summary>The first place that is asked for, as LRANGE takes it.</summary>
    public long From => HasBefore ? Start - 1 : Start;

    /// <summary>The last place, as LRANGE takes it.</summary>
    public long Stop => Start + Count - 1;

    private bool IsFromEnd => Start < 0;

    /// <summary>The sequence of the first frame, in the list as it turned out to be.</summary>
    public long FirstIn(FrameList list) => First ?? (IsFromEnd ? Math.Max(list.First, list.End + Start) : list.First);

    /// <summary>Whether the frames are at this place of the list. A place that is counted from the end is wrong if the list grew meanwhile, or if the list is so short that the place is before its beginning.</summary>
    /// <param name="list">The list as it turned out to be.</param>
    /// <param name="found">How many frames were answered, with the one before.</param>
    /// <param name="hasGrown">Whether something was appended while they were read.</param>
    public bool IsIn(FrameList list, int found, bool hasGrown) => IsFromEnd
        ? !hasGrown && (list.Count == 0 || -Start - Count < list.Count)
        : FirstIn(list) - list.Origin == Start || (FirstIn(list) >= list.End && found <= (HasBefore ? 1 : 0));

    /// <summary>Whether the answer has all the frames that the list has at this place. Frames appended since the end became known may be among them, unless the place is counted from the end.</summary>
    public bool HasAll(FrameList list, int found) => IsFromEnd
        ? found == Math.Clamp(Count + Start + list.Count, 0, Count)
        : found - (HasBefore ? 1 : 0) >= Math.Min(Count, list.End - FirstIn(list));
}
