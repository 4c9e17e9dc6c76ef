namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>The two peers in words.</summary>
internal static class Sides
{
    /// <summary>Who sent what went this way.</summary>
    public static string Sender(MessageDirection direction) => direction switch
    {
        MessageDirection.ClientToServer => "the client",
        MessageDirection.ServerToClient => "the server",
        _ => "the recorder",
    };

    /// <summary>As a sentence begins with it.</summary>
    public static string SenderAtStart(MessageDirection direction) => "T" + Sender(direction)[1..];
}
