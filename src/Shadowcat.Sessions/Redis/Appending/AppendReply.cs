using System.Buffers.Text;

namespace Shadowcat.Sessions;

/// <summary>Reads what <c>append-frames.lua</c> answers: the number of the call, then a code and a value for each session.</summary>
internal ref struct AppendReply
{
    private static ReadOnlySpan<byte> Lost => "lost "u8;

    private ReadOnlySpan<byte> _rest;

    public AppendReply(ReadOnlySpan<byte> reply)
    {
        HasLostFrames = reply.StartsWith(Lost);
        _rest = HasLostFrames ? reply[Lost.Length..] : reply;
        IsSuperseded = _rest.IsEmpty;
        Number = IsSuperseded ? 0 : Next();
    }

    /// <summary>The server no longer has a call that it had acknowledged to this writer.</summary>
    public bool HasLostFrames { get; }

    /// <summary>A newer call of this writer was carried out before.</summary>
    public bool IsSuperseded { get; }

    /// <summary>The call that is answered.</summary>
    public long Number { get; }

    /// <summary>The answer for the next session.</summary>
    public (AppendCode Code, long Value) NextOutcome() => ((AppendCode)Next(), Next());

    private long Next()
    {
        if (!Utf8Parser.TryParse(_rest, out long number, out var consumed))
        {
            throw new FormatException("The script's reply is shorter than the call.");
        }

        _rest = _rest[Math.Min(consumed + 1, _rest.Length)..];
        return number;
    }
}
