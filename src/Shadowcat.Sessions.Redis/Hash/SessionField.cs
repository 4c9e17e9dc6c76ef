namespace Shadowcat.Sessions.Redis;

/// <summary>The fields that a session is read from, in the order in which <c>read-sessions.lua</c> answers them.</summary>
internal enum SessionField
{
    Format,
    List,
    Life,
    Version,
    Session,
}
