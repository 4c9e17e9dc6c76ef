namespace Shadowcat.Sessions.Inspector;

/// <summary>Which object of a message is read: each has members of its own that say something.</summary>
internal enum MessageScope
{
    Message,
    Parameters,
    Meta,
    RelatedTask,
    Reference,
    Result,
    Task,
    Error,
}
