namespace Shadowcat.Sessions.Inspector;

/// <summary>What an inspector shows, and to whom.</summary>
public sealed class SessionInspectorOptions
{
    private const int MaxFormatLength = 16;

    /// <summary>Which of several stores is shown.</summary>
    /// <value>Null, the default, for the one without a name.</value>
    public string? StoreName { get; set; }

    /// <summary>Whether a user sees the sessions alone that belong to him, as <see cref="Session.IsOwnedBy(System.Security.Claims.ClaimsPrincipal)"/> says. All others are to him as if they were not there.</summary>
    /// <value>The default is false: whoever may open the page sees every session of the store.</value>
    public bool OwnerOnly { get; set; }

    /// <summary>The authorization policy that a user has to meet to delete sessions, beside what opening the page demands.</summary>
    /// <value>Null, the default: nobody deletes anything.</value>
    public string? DeletePolicy { get; set; }

    /// <summary>Whether sessions can be downloaded: as archives, and as pages that hold a recording.</summary>
    /// <value>The default is true. A user who sees a session can copy what he sees in any case.</value>
    public bool AllowExport { get; set; } = true;

    /// <summary>What the page calls the store.</summary>
    /// <value>Null, the default, for the name of its type.</value>
    public string? StoreDescription { get; set; }

    /// <summary>The command that replays a session, which the page hands over, such as <c>shadowcat replay {session} [--from {sequence}]</c>. <c>{session}</c> stands for the id, <c>{sequence}</c> for the frame to begin at; what stands in brackets with it is left out where that is the beginning.</summary>
    /// <value>Null, the default: the page offers none.</value>
    public string? ReplayCommand { get; set; }

    internal Dictionary<string, Func<ISessionStore, SessionId, Stream, CancellationToken, Task>> Exports { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a form in which a session can be downloaded, beside <c>jsonl</c>, the archive, and <c>html</c>, the page with the recording inside.</summary>
    /// <param name="format">What it is called, and what file names end in: 1 to 16 letters and digits.</param>
    /// <param name="write">Writes a session that the user may see. It throws a <see cref="NotSupportedException"/> before it writes anything where the session has no such form; its message says why.</param>
    /// <exception cref="ArgumentException">A format is called so already, or cannot be.</exception>
    public void AddExport(string format, Func<ISessionStore, SessionId, Stream, CancellationToken, Task> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(format);
        ArgumentNullException.ThrowIfNull(write);
        if (format.Length > MaxFormatLength || !format.All(char.IsAsciiLetterOrDigit) || format is "jsonl" or "html" || !Exports.TryAdd(format, write))
        {
            throw new ArgumentException($"A format is called by 1 to {MaxFormatLength} letters and digits that no other has; '{format}' is not possible.", nameof(format));
        }
    }
}
