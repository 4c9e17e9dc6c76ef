namespace Shadowcat.Sessions.Redis;

/// <summary>A server refused credentials, and the application was asked for others: it is not for good.</summary>
internal sealed class RefusedCredentials() : Exception("The server refused the credentials; others were asked for.");
