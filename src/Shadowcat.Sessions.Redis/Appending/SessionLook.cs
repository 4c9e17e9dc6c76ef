namespace Shadowcat.Sessions.Redis;

/// <summary>Whether the sessions were there that were looked at as frames were pushed to them.</summary>
/// <param name="AllExist">Whether all were: then each push stands. Otherwise the script decides on theirs.</param>
/// <param name="Fault">Why it is not known of each whether it was there; null where all or none were.</param>
internal readonly record struct SessionLook(bool AllExist, Exception? Fault = null);
