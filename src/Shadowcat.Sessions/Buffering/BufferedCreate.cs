namespace Shadowcat.Sessions;

/// <summary>A session to be created. It can be repeated as it is: the store knows it by its generation.</summary>
internal sealed class BufferedCreate(Session session, long firstSequence, bool isAccepted)
    : BufferedCall<Session>(Operations.CreateSession, session.Id, isAccepted)
{
    public Session Session => session;

    public long FirstSequence => firstSequence;

    public override int Sessions => 1;

    public override long Bytes { get; } = SessionText.Bytes(session);
}
