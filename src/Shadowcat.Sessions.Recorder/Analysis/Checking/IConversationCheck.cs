namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks for one kind of fault, frame by frame.</summary>
internal interface IConversationCheck
{
    /// <summary>Looks at a frame, in the order of the recording.</summary>
    void Observe(ObservedFrame observed);

    /// <summary>Says what is known only at the end of the recording.</summary>
    void Complete();
}
