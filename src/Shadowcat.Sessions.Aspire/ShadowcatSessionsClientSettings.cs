namespace Shadowcat.Sessions.Aspire;

/// <summary>What the registration of a session store goes by: where its Redis is, and what is switched off.</summary>
/// <remarks>Bound from the section <c>Aspire:Shadowcat:Sessions</c>, and then from the section of that which has the name of the connection.</remarks>
public sealed class ShadowcatSessionsClientSettings
{
    /// <summary>Where the Redis is, as StackExchange.Redis reads it.</summary>
    /// <value>The connection string of the name where there is one; else what the section says. Null where neither says it.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Whether the health check is left out.</summary>
    /// <value>False by default.</value>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether this registration leaves out traces.</summary>
    /// <value>False by default. Spans of all stores have one source: a second registration that does not disable them enables those of this store, too.</value>
    public bool DisableTracing { get; set; }

    /// <summary>Whether this registration leaves out metrics.</summary>
    /// <value>False by default. Instruments of all stores have one meter: a second registration that does not disable them enables those of this store, too.</value>
    public bool DisableMetrics { get; set; }
}
