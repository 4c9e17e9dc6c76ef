using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions;

/// <summary>Collects lines of JSON in the canonical form of <see cref="ArchiveFormat"/>, each with its check.</summary>
internal sealed class ArchiveLineBuffer : IDisposable
{
    private const int UsualBytes = 256 * 1024;

    private readonly ArchiveCheck _check = new();
    private ArrayBufferWriter<byte> _bytes = new(UsualBytes);
    private int _lineStart;
    private bool _hasMember;

    /// <summary>The lines that are complete.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory[.._lineStart];

    /// <summary>The check of the line written last.</summary>
    public ArchiveCheck Check => _check;

    public void Begin()
    {
        _bytes.Write("{"u8);
        _hasMember = false;
    }

    /// <summary>Ends the line.</summary>
    /// <param name="isFirst">Whether its check begins anew.</param>
    public void End(bool isFirst)
    {
        var line = _bytes.WrittenMemory[_lineStart..];
        Span<byte> member = stackalloc byte[ArchiveCheck.MemberLength];
        _check.Write(line, isFirst, member);
        _bytes.Write(member);
        _bytes.Write("\n"u8);
        _lineStart = _bytes.WrittenCount;
    }

    /// <summary>Discards what was written; the memory of a huge line is released.</summary>
    public void Clear()
    {
        _lineStart = 0;
        if (_bytes.Capacity > UsualBytes * 4)
        {
            _bytes = new ArrayBufferWriter<byte>(UsualBytes);
        }
        else
        {
            _bytes.ResetWrittenCount();
        }
    }

    public void Dispose() => _check.Dispose();

    /// <summary>Writes the name of a member, whose value comes next.</summary>
    public void Name(string name)
    {
        if (_hasMember)
        {
            _bytes.Write(","u8);
        }

        Quote(name);
        _bytes.Write(":"u8);
        _hasMember = true;
    }

    public void Text(string name, string? value)
    {
        if (value is not null)
        {
            Name(name);
            Quote(value);
        }
    }

    public void Number(string name, long value)
    {
        Name(name);
        Literal(value.ToString(CultureInfo.InvariantCulture));
    }

    public void Time(string name, DateTimeOffset value, string format) => Text(name, JsonTime.Text(value, format));

    public void Flag(string name, bool value)
    {
        Name(name);
        Literal(value ? "true" : "false");
    }

    /// <summary>Writes ASCII as it is.</summary>
    public void Literal(string json) => _bytes.Advance(Encoding.ASCII.GetBytes(json, _bytes.GetSpan(json.Length)));

    public void Texts(string name, IEnumerable<string> values)
    {
        Name(name);
        Texts(values);
    }

    /// <summary>Writes an array of strings.</summary>
    public void Texts(IEnumerable<string> values)
    {
        var separator = "[";
        foreach (var value in values)
        {
            Literal(separator);
            Quote(value);
            separator = ",";
        }

        Literal(separator is "[" ? "[]" : "]");
    }

    /// <summary>Writes a payload so that its bytes come back as they are.</summary>
    public void Payload(string name, ReadOnlySpan<byte> payload)
    {
        switch (JsonPayload.FormOf(payload))
        {
            case PayloadForm.Json:
                Name(name);
                _bytes.Write(payload);
                break;
            case PayloadForm.Text:
                Name(name);
                Quote(payload);
                break;
            default:
                Name(name + "_base64");
                Literal("\"");
                var length = Base64.GetMaxEncodedToUtf8Length(payload.Length);
                Base64.EncodeToUtf8(payload, _bytes.GetSpan(length), out _, out _);
                _bytes.Advance(length);
                Literal("\"");
                break;
        }
    }

    /// <summary>Writes JSON that came as text.</summary>
    public void Json(string name, string? json)
    {
        if (json is not null)
        {
            var utf8 = Encoding.UTF8.GetBytes(json);
            Name(name);
            if (JsonPayload.IsLineOfJson(utf8))
            {
                _bytes.Write(utf8);
            }
            else
            {
                Quote(utf8);
            }
        }
    }

    /// <summary>Writes a string.</summary>
    public void Quote(string value)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        Quote(utf8.AsSpan(0, Encoding.UTF8.GetBytes(value, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
    }

    private void Quote(ReadOnlySpan<byte> utf8)
    {
        _bytes.Write("\""u8);
        for (int plain; (plain = JsonPayload.IndexOfEscaped(utf8)) >= 0; utf8 = utf8[(plain + 1)..])
        {
            _bytes.Write(utf8[..plain]);
            Literal(JsonPayload.Escape(utf8[plain]));
        }

        _bytes.Write(utf8);
        _bytes.Write("\""u8);
    }
}
