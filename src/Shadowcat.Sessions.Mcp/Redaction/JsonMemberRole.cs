namespace Shadowcat.Sessions.Mcp;

/// <summary>The role of a member for those beside or below it.</summary>
internal enum JsonMemberRole
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is the name of the member <c>value</c> beside it.</summary>
    Name,

    /// <summary>It is the value for the member <c>name</c> beside it.</summary>
    Value,

    /// <summary>It contains schemas.</summary>
    Schemas,

    /// <summary>It contains names and values of headers.</summary>
    Headers,
}
