namespace Shadowcat.Sessions.Redis;

/// <summary>A server refused credentials, and the application was asked for new ones, so the call may be tried again.</summary>
internal sealed class RefusedCredentials() : Exception("The server refused the credentials; new ones were requested.");
