using System.Collections.Frozen;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The words that distinguish a JSON Schema from a value.</summary>
/// <seealso href="https://json-schema.org/draft/2020-12/json-schema-validation"/>
internal static class SchemaKeywords
{
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.Ordinal,
        "type", "title", "description", "$ref", "anyOf", "oneOf", "allOf", "not", "enum", "const", "format", "default", "examples", "example", "pattern", "minLength", "maxLength", "items",
        "properties", "required", "additionalProperties", "nullable", "writeOnly", "readOnly", "deprecated", "$id", "$schema", "$comment", "if", "then", "else", "minimum", "maximum",
        "enumNames", "patternProperties", "$defs", "definitions", "minItems", "maxItems", "x-order");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WordsBySpan = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a member of this name is one of a schema.</summary>
    public static bool Contains(ReadOnlySpan<char> name) => WordsBySpan.Contains(name);

    /// <summary>Whether the members of a member of this name are described by schemas.</summary>
    public static bool HoldSchemas(ReadOnlySpan<char> name) => name is "properties" or "patternProperties" or "$defs" or "definitions" or "dependentSchemas";

    /// <summary>Whether such a member of a schema holds a value.</summary>
    public static bool HoldsValue(ReadOnlySpan<char> name) => name is "default" or "const" or "example" or "examples";
}
