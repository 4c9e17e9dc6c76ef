namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>A frame, and the requests that it has to do with.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Call">The request that it is or answers; null for none.</param>
/// <param name="Ended">The requests whose exchange it ends without an answer.</param>
internal sealed record ObservedFrame(MessageEnvelope Frame, Call? Call, IReadOnlyList<Call> Ended)
{
    public bool IsAnswer => Frame.Kind is MessageKind.Response or MessageKind.Error;
}
