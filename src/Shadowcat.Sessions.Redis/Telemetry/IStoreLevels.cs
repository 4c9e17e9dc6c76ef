namespace Shadowcat.Sessions.Redis;

/// <summary>What a store has at a moment, to be observed by whoever listens to the meter. Reading it takes no lock that a caller waits for.</summary>
internal interface IStoreLevels
{
    /// <summary>How many frames wait for the server or are on their way.</summary>
    long QueuedFrames { get; }

    /// <summary>How many bytes of them.</summary>
    long QueuedBytes { get; }

    /// <summary>How many circuits are open.</summary>
    long OpenCircuits { get; }
}
