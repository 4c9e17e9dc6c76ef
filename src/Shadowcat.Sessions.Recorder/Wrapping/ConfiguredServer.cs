namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>A server in the configuration of a client.</summary>
/// <param name="Name">What the client calls it.</param>
internal sealed record ConfiguredServer(string Name)
{
    /// <summary>The program that is started; null for a server that is reached otherwise.</summary>
    public JsonText? Command { get; init; }

    /// <summary>The arguments of the program; null where the file names none.</summary>
    public ArgumentList? Arguments { get; init; }

    /// <summary>Whether the file gives arguments that are no list.</summary>
    public bool HasOtherArguments { get; init; }

    /// <summary>Whether it is reached by an address.</summary>
    public bool HasUrl { get; init; }
}
