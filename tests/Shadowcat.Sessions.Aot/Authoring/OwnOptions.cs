namespace Shadowcat.Sessions.Aot.Authoring;

/// <summary>The options of a store of somebody.</summary>
internal sealed class OwnOptions
{
    /// <summary>Something to set.</summary>
    public int Depth { get; set; }
}
