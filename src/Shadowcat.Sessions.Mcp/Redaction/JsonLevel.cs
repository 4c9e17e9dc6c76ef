namespace Shadowcat.Sessions.Mcp;

/// <summary>An object or an array that is being read.</summary>
internal record struct JsonLevel
{
    /// <summary>Whether it is an array.</summary>
    public bool IsArray { get; init; }

    /// <summary>Where it begins.</summary>
    public int Start { get; init; }

    /// <summary>How far along the paths it is.</summary>
    public JsonPathPositions Positions { get; init; }

    /// <summary>The kind of credential that its values are by its own name.</summary>
    public CredentialKind Inherited { get; init; }

    /// <summary>Whether its members are described by schemas.</summary>
    public bool HoldsSchemas { get; init; }

    /// <summary>Where it is the schema of a credential: what kind of one.</summary>
    public CredentialKind SchemaOf { get; init; }

    /// <summary>Whether it may list names and values one after the other, as headers are.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether it is the member <c>value</c> of what holds it.</summary>
    public bool IsValue { get; init; }

    /// <summary>How many elements of it were read.</summary>
    public int Elements { get; set; }

    /// <summary>In an array, the kind of credential that the next element is by the element before; in an object, that its member <c>value</c> is by its member <c>name</c>.</summary>
    public CredentialKind Named { get; set; }

    /// <summary>Where its member <c>value</c> begins, if it came before the name.</summary>
    public int ValueStart { get; set; }

    /// <summary>Where that ends; 0 where there is none.</summary>
    public int ValueEnd { get; set; }
}
