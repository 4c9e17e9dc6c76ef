namespace Shadowcat.Sessions;

/// <summary>What a store, or something around it, has at a moment, to be looked at by whoever listens to the meter. Reading it takes no lock that a caller waits for.</summary>
internal interface IStoreLevels
{
    /// <summary>How many frames wait for the server or are on their way.</summary>
    long QueuedFrames => 0;

    /// <summary>How many bytes of them.</summary>
    long QueuedBytes => 0;

    /// <summary>How many circuits are open.</summary>
    long OpenCircuits => 0;

    /// <summary>How many frames are in a buffer in front of the store, those on their way to it among them.</summary>
    long BufferedFrames => 0;
}
