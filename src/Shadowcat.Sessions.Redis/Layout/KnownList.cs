using System.Buffers.Text;
using System.Text;

namespace Shadowcat.Sessions.Redis;

/// <summary>What is known of a session's list of frames.</summary>
/// <param name="Token">Its fencing token; see <see cref="FencingToken"/>.</param>
/// <param name="Generation">The generation of its session.</param>
/// <param name="Counted">How many sequences had been given, at least.</param>
internal sealed record KnownList(string Token, Guid Generation, long Counted)
{
    /// <summary>A list that nothing is known of.</summary>
    public static KnownList None { get; } = new(FencingToken.None, Guid.Empty, 0);

    /// <summary>Whether nothing is known.</summary>
    public bool IsNone => Token.Length == 0;

    /// <summary>Whether it is the same list, whatever was counted.</summary>
    public bool Is(KnownList other) => string.Equals(Token, other.Token, StringComparison.Ordinal) && Generation == other.Generation;

    /// <summary>Makes it from a token and a generation as scripts answer them. A generation that cannot be read counts as unknown.</summary>
    public static KnownList Of(ReadOnlySpan<byte> token, ReadOnlySpan<byte> generation, long counted) => new(
        Encoding.ASCII.GetString(token),
        Utf8Parser.TryParse(generation, out Guid parsed, out var consumed, 'N') && consumed == generation.Length ? parsed : Guid.Empty,
        counted);
}
