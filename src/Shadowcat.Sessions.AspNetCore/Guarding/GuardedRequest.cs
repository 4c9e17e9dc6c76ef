namespace Shadowcat.Sessions.AspNetCore;

/// <summary>What the guard found out about a request, for whoever is asked about its session behind it.</summary>
internal sealed class GuardedRequest
{
    /// <summary>The session that the request names, where it goes on and is the caller's; null otherwise.</summary>
    public Session? Session { get; init; }

    /// <summary>Whether the request names another version than was agreed on.</summary>
    public bool NamesOtherVersion { get; init; }

    /// <summary>Why the store could not say; null where it could.</summary>
    public SessionStoreException? Failure { get; init; }

    /// <summary>What was seen of its body where that is read behind the guard; null where nothing is looked at.</summary>
    public MessageScan? Scan { get; set; }

    /// <summary>The session that the SDK began for this request, and that could not be stored.</summary>
    public string? Unstored { get; set; }
}
