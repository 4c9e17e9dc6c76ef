using System.Buffers.Text;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads what <c>append-frames.lua</c> answers: seven words for each session, and when it was.</summary>
internal ref struct AppendReply
{
    private const int TokenDigits = 16;

    private ReadOnlySpan<byte> _rest;

    public AppendReply(ReadOnlySpan<byte> reply)
    {
        _rest = reply;
        if (_rest.LastIndexOf(" @"u8) is var end and >= 0)
        {
            Time = DateTimeOffset.FromUnixTimeMilliseconds(Number64(_rest[(end + 2)..]));
            _rest = _rest[..end];
        }
    }

    /// <summary>When the call was carried out, by the server's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>What became of the frames of the session.</summary>
    public AppendCode Code { get; private set; }

    /// <summary>The sequence or the format that belongs to the code.</summary>
    public long Value { get; private set; }

    /// <summary>The list that belongs to <see cref="AppendCode.OtherToken"/>.</summary>
    public KnownList List { get; private set; } = KnownList.None;

    /// <summary>The sequence of the first frame kept.</summary>
    public long First { get; private set; }

    /// <summary>For how many ms the deadline need not move; negative where frames are gone that were acknowledged.</summary>
    public long Rest { get; private set; }

    /// <summary>The deadline of the session; null where that is not known.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>For how many ms somebody follows the session; 0 where nobody is known to.</summary>
    public long Followed { get; private set; }

    /// <summary>How many sequences the session's field has counted.</summary>
    public long Counted { get; private set; }

    /// <summary>Goes on to the next session.</summary>
    public void Next()
    {
        Code = (AppendCode)Number64(Word());
        var value = Word();
        Value = Code == AppendCode.OtherToken ? 0 : Number64(value);
        First = Number64(Word());
        Rest = Number64(Word());
        ExpiresAt = Number64(Word()) is var deadline and > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(deadline) : null;
        Followed = Number64(Word());
        Counted = Number64(Word());
        List = Code == AppendCode.OtherToken ? KnownList.Of(value[..TokenDigits], value[TokenDigits..], Counted) : KnownList.None;
    }

    private static long Number64(ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(word, out long number, out var consumed) && consumed == word.Length
            ? number
            : throw new FormatException("The reply of append-frames.lua has another form than this version of the library reads.");

    private ReadOnlySpan<byte> Word()
    {
        var end = _rest.IndexOf((byte)' ');
        var word = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return word;
    }
}
