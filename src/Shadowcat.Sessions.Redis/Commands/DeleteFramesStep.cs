namespace Shadowcat.Sessions.Redis;

/// <summary>One step of a deletion of frames, however often it is tried.</summary>
internal sealed class DeleteFramesStep
{
    public string Operation { get; } = OperationId.New();

    /// <summary>The generation that a try named which was not answered, as text; empty where all were answered. A further try is about no other generation.</summary>
    public string Generation { get; private set; } = "";

    /// <summary>Notes a try that was not answered.</summary>
    /// <param name="list">The list that it named.</param>
    public void Unanswered(KnownList list)
    {
        if (!list.IsNone)
        {
            Generation = list.Generation.ToString("N");
        }
    }
}
