namespace Shadowcat.Sessions.AspNetCore;

/// <summary>What the guard has decided about a request, for the <see cref="SessionMigrationHandler"/>, which the SDK calls later in the same request.</summary>
internal sealed class GuardedRequest
{
    /// <summary>The session of the request, where it is open and belongs to the caller; null otherwise.</summary>
    public Session? Session { get; init; }

    /// <summary>Whether the request names another protocol version than was negotiated.</summary>
    public bool NamesOtherVersion { get; init; }

    /// <summary>Why the session could not be read; null where it could.</summary>
    public SessionStoreException? Failure { get; init; }

    /// <summary>The id and method in its body, as far as it was read; null where they are not needed.</summary>
    public MessageScan? Scan { get; set; }

    /// <summary>The session that the SDK created for this request, and that could not be stored; null for none.</summary>
    public string? Unstored { get; set; }
}
