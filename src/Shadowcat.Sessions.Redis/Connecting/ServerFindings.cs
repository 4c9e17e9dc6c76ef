namespace Shadowcat.Sessions.Redis;

/// <summary>What was found out about the servers before the first command.</summary>
/// <param name="WritesRefused">Why the account may only read; null where it may write.</param>
/// <param name="Evicts">Whether a server evicts keys when its memory is full: a session may go and leave its list, between the look at it and the push.</param>
internal readonly record struct ServerFindings(SessionStoreConfigurationException? WritesRefused, bool Evicts);
