using System.Runtime.InteropServices;
using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Reads JSON once and notes what is to be replaced in it: values at paths, values whose name stands for a credential, and what looks like a credential.</summary>
internal ref struct JsonRedaction
{
    /// <summary>So deep is read without paths; a reader without a bound could be made to need any amount of memory.</summary>
    private const int MaxDepth = 1024;

    private const int MaxDepthOfPaths = 64;
    private const int MaxNameBytes = 256;
    private const int ShortestNested = 2;
    private const int ShortestCode = 4;
    private const int ShortestNumber = 6;

    private readonly ReadOnlySpan<byte> _json;
    private readonly JsonPath[] _paths;
    private readonly JsonEdits _edits;
    private readonly int _textsAround;
    private readonly List<JsonLevel> _levels = [];
    private Utf8JsonReader _reader;
    private CredentialKind _kind;
    private JsonMemberRole _role;
    private JsonPathPositions _positions = JsonPathPositions.None;
    private int _start;

    /// <summary>Begins to read.</summary>
    /// <param name="json">The text.</param>
    /// <param name="paths">They lead to what is replaced in any case.</param>
    /// <param name="edits">Takes what is replaced.</param>
    /// <param name="textsAround">In how many texts of JSON it is itself.</param>
    public JsonRedaction(ReadOnlySpan<byte> json, JsonPath[] paths, JsonEdits edits, int textsAround = 0)
    {
        _json = json;
        _paths = paths;
        _edits = edits;
        _textsAround = textsAround;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = paths.Length > 0 ? MaxDepthOfPaths : MaxDepth, AllowMultipleValues = true });
    }

    /// <summary>How many values were read, one behind the other.</summary>
    public int Values { get; private set; }

    /// <summary>Up to where it was read. What is behind is not JSON.</summary>
    public int Position { get; private set; }

    private readonly ref JsonLevel Level => ref CollectionsMarshal.AsSpan(_levels)[^1];

    /// <summary>Reads all; false where it is no JSON from some place on, or deeper than 1024 levels, where there are paths 64.</summary>
    public bool TryRead()
    {
        try
        {
            while (_reader.Read())
            {
                _start = (int)_reader.TokenStartIndex;
                if (_reader.TokenType == JsonTokenType.PropertyName)
                {
                    ReadName();
                    Position = (int)_reader.BytesConsumed;
                    continue;
                }

                if (_reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    Leave();
                }
                else
                {
                    Place();
                    ReadValue();
                }

                Position = (int)_reader.BytesConsumed;
                (_kind, _role, _positions) = (CredentialKind.None, JsonMemberRole.None, JsonPathPositions.None);
            }

            return true;
        }
        catch (JsonException)
        {
            // Broken, cut off, or too deep. All that follows counts as the value of the last name, since its end is not known.
            if (_kind >= CredentialKind.Certain)
            {
                _edits.Replace(Math.Max(Position, _start), _json.Length, JsonStrings.Replacement);
                Position = _json.Length;
            }

            return false;
        }
    }

    private void ReadName()
    {
        ref var level = ref Level;
        if (level.Positions.IsEmpty && level.SchemaOf == CredentialKind.None && !_reader.ValueIsEscaped && !NameEndings.MayMatter(_reader.ValueSpan))
        {
            (_kind, _role) = (level.Inherited, JsonMemberRole.None);
            return;
        }

        Span<char> buffer = stackalloc char[MaxNameBytes];
        ReadOnlySpan<char> name = _reader.ValueSpan.Length <= MaxNameBytes ? buffer[..JsonTexts.Read(_reader.ValueSpan, buffer)] : JsonTexts.Read(_reader.ValueSpan);
        _positions = level.Positions.IsEmpty ? JsonPathPositions.None : level.Positions.At(name.ToString());
        _role = RoleOf(name);
        _kind = CredentialNames.Of(name);
        if (_kind == CredentialKind.None)
        {
            _kind = level.SchemaOf != CredentialKind.None && (!SchemaKeywords.Contains(name) || SchemaKeywords.HoldsValue(name)) ? CredentialKind.Certain
                : _role == JsonMemberRole.Value && level.Named != CredentialKind.None ? level.Named
                : level.Inherited;
        }
    }

    private static JsonMemberRole RoleOf(ReadOnlySpan<char> name) => name switch
    {
        "name" or "key" or "header" or "field" => JsonMemberRole.Name,
        "value" or "values" => JsonMemberRole.Value,
        _ when SchemaKeywords.HoldSchemas(name) => JsonMemberRole.Schemas,
        _ when name.EndsWith("headers", StringComparison.OrdinalIgnoreCase) => JsonMemberRole.Headers,
        _ => JsonMemberRole.None,
    };

    /// <summary>The kind of credential that a value without a name is by its position.</summary>
    private void Place()
    {
        if (_levels.Count == 0)
        {
            Values++;
            _positions = JsonPathPositions.At(_paths);
        }
        else if (Level.IsArray)
        {
            ref var level = ref Level;
            _kind = level.Named != CredentialKind.None ? level.Named : level.Inherited;
            _positions = level.Positions.IsEmpty ? JsonPathPositions.None : level.Positions.At(level.Elements);
            level.Named = CredentialKind.None;
            level.Elements++;
        }
    }

    private void ReadValue()
    {
        if (!_positions.IsEmpty && _positions.IsEnd)
        {
            _reader.Skip();
            _edits.Replace(_start, _reader.BytesConsumed, JsonStrings.Replacement);
        }
        else if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            Enter();
        }
        else
        {
            ReadScalar();
        }
    }

    private void Enter()
    {
        var isArray = _reader.TokenType == JsonTokenType.StartArray;
        var isSchema = _kind != CredentialKind.None && !isArray && _levels.Count > 0 && Level.HoldsSchemas && IsSchema(_reader);
        if (_kind >= CredentialKind.Certain && !isSchema)
        {
            _reader.Skip();
            ReplaceNested(_start, (int)_reader.BytesConsumed);
            return;
        }

        _levels.Add(new JsonLevel
        {
            IsArray = isArray,
            Start = _start,
            Positions = _positions,
            Inherited = isSchema ? CredentialKind.None : _kind,
            HoldsSchemas = _role == JsonMemberRole.Schemas && !isArray,
            SchemaOf = isSchema ? _kind : CredentialKind.None,
            IsList = isArray && (_role == JsonMemberRole.Headers || (_levels.Count > 0 && Level.IsArray)),
            IsValue = _role == JsonMemberRole.Value,
        });
    }

    private void Leave()
    {
        var left = Level;
        _levels.RemoveAt(_levels.Count - 1);
        if (!left.IsArray && left.Named != CredentialKind.None && left.ValueEnd > 0)
        {
            ReplaceValue(left);
        }

        if (left.IsValue)
        {
            (Level.ValueStart, Level.ValueEnd) = (left.Start, (int)_reader.BytesConsumed);
        }
    }

    private void ReadScalar()
    {
        var end = (int)_reader.BytesConsumed;
        if (_reader.TokenType == JsonTokenType.Number)
        {
            ReplaceNumber(_start, end, _kind);
        }
        else if (_reader.TokenType == JsonTokenType.String)
        {
            if (_levels.Count > 0 && (_role == JsonMemberRole.Name || Level.IsArray))
            {
                ReadNameInValue();
            }

            if (JsonStrings.Redact(_reader.ValueSpan, _reader.ValueIsEscaped, _kind, _textsAround) is { } redacted)
            {
                _edits.Replace(_start, end, redacted);
            }
        }

        if (_role == JsonMemberRole.Value && _reader.TokenType is JsonTokenType.Number or JsonTokenType.String)
        {
            (Level.ValueStart, Level.ValueEnd) = (_start, end);
        }
    }

    /// <summary>Reads a string that may be the name of another value: of the member <c>value</c>, or of the next element.</summary>
    private void ReadNameInValue()
    {
        var span = _reader.ValueSpan;
        ref var level = ref Level;
        if (span.Length > CredentialNames.MaxLength || (level.IsArray && !level.IsList && span is not [(byte)'-', ..]))
        {
            return;
        }

        Span<char> buffer = stackalloc char[CredentialNames.MaxLength];
        var name = buffer[..JsonTexts.Read(span, buffer)];
        level.Named = !level.IsArray ? CredentialNames.Of(name)
            : level.IsList && (level.Elements & 1) == 1 && CredentialNames.Of(name) is >= CredentialKind.Certain ? CredentialKind.Header
            : CommandLines.OfOption(name);
    }

    private readonly void ReplaceValue(JsonLevel level)
    {
        var value = _json[level.ValueStart..level.ValueEnd];
        if (value[0] == '"')
        {
            if (JsonStrings.Redact(value[1..^1], isEscaped: true, level.Named, _textsAround) is { } redacted)
            {
                _edits.Replace(level.ValueStart, level.ValueEnd, redacted);
            }
        }
        else if (value[0] is not ((byte)'{' or (byte)'['))
        {
            ReplaceNumber(level.ValueStart, level.ValueEnd, level.Named);
        }
        else if (level.Named >= CredentialKind.Certain)
        {
            ReplaceNested(level.ValueStart, level.ValueEnd);
        }
    }

    private readonly void ReplaceNested(int start, int end)
    {
        if (end - start > ShortestNested)
        {
            _edits.Replace(start, end, JsonStrings.Replacement);
        }
    }

    /// <summary>Of a number that may be a credential, the length decides.</summary>
    private readonly void ReplaceNumber(int start, int end, CredentialKind kind)
    {
        if (kind >= CredentialKind.Certain || (kind == CredentialKind.Code && end - start >= ShortestCode) || (kind == CredentialKind.Possible && end - start >= ShortestNumber))
        {
            _edits.Replace(start, end, JsonStrings.Replacement);
        }
    }

    private static bool IsSchema(Utf8JsonReader reader)
    {
        Span<char> buffer = stackalloc char[CredentialNames.MaxLength];
        return reader.Read()
            && (reader.TokenType == JsonTokenType.EndObject
                || (reader.ValueSpan.Length <= CredentialNames.MaxLength && SchemaKeywords.Contains(buffer[..JsonTexts.Read(reader.ValueSpan, buffer)])));
    }
}
