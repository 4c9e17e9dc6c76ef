using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>How the peers agreed on their protocol version. Two are equal when all parts and all attempts are.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation"/>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed record VersionState
{
    /// <summary>The greatest length of a version, in characters.</summary>
    public const int MaxVersionLength = 64;

    /// <summary>The greatest number of attempts that are kept.</summary>
    public const int MaxAttempts = 64;

    /// <summary>The version the client asked for last.</summary>
    public string? Requested
    {
        get;
        init => field = StoredText.CheckOptional(value, MaxVersionLength, "A protocol version", nameof(value));
    }

    /// <summary>The version both sides use.</summary>
    public string? Negotiated
    {
        get;
        init => field = StoredText.CheckOptional(value, MaxVersionLength, "A protocol version", nameof(value));
    }

    /// <summary>The version the transport names, such as the <c>MCP-Protocol-Version</c> header.</summary>
    public string? TransportHeader
    {
        get;
        init => field = StoredText.CheckOptional(value, MaxVersionLength, "A protocol version", nameof(value));
    }

    /// <summary>Every try, oldest first; at most 64.</summary>
    public IReadOnlyList<VersionAttempt> Attempts
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > MaxAttempts)
            {
                throw new ArgumentException($"At most {MaxAttempts} attempts are kept; these are {value.Count}.", nameof(value));
            }

            if (value.Contains(null!))
            {
                throw new ArgumentException("An attempt must not be null.", nameof(value));
            }

            field = Array.AsReadOnly([.. value]);
        }
    } = [];

    /// <inheritdoc/>
    public bool Equals(VersionState? other) =>
        other is not null
        && Requested == other.Requested
        && Negotiated == other.Negotiated
        && TransportHeader == other.TransportHeader
        && Attempts.SequenceEqual(other.Attempts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Requested, Negotiated, TransportHeader, Attempts.Count);
}
