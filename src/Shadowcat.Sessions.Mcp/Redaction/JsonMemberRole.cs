namespace Shadowcat.Sessions.Mcp;

/// <summary>What a member is to those beside or below it.</summary>
internal enum JsonMemberRole
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It names what the member <c>value</c> beside it holds.</summary>
    Name,

    /// <summary>It holds what the member <c>name</c> beside it names.</summary>
    Value,

    /// <summary>Schemas are below it.</summary>
    Schemas,

    /// <summary>Names and values of headers are below it.</summary>
    Headers,
}
