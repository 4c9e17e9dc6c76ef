using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>One try of the peers to agree on a protocol version.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed record VersionAttempt
{
    /// <summary>Notes one try.</summary>
    /// <param name="requested">The version the client asked for; 1 to 64 characters.</param>
    /// <param name="answered">The version the server answered with; null where it refused or has not answered.</param>
    /// <exception cref="ArgumentException">A version is empty, too long or holds a control character.</exception>
    public VersionAttempt(string requested, string? answered = null)
    {
        StoredText.Check(requested, minLength: 1, VersionState.MaxVersionLength, "A protocol version", nameof(requested));
        Requested = requested;
        Answered = StoredText.CheckOptional(answered, VersionState.MaxVersionLength, "A protocol version", nameof(answered));
    }

    /// <summary>The version the client asked for.</summary>
    public string Requested { get; }

    /// <summary>The version the server answered with; null where it refused or has not answered.</summary>
    public string? Answered { get; }
}
