namespace Shadowcat.Sessions.Redis;

/// <summary>Whether the sessions were there whose frames were pushed.</summary>
/// <param name="AllExist">Whether all were: then each push stands. Otherwise the script decides.</param>
/// <param name="Fault">Why it is not known of each whether it was there; null where all or none were.</param>
internal readonly record struct SessionLook(bool AllExist, Exception? Fault = null);
