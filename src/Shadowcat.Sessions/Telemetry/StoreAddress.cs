using System.Globalization;

namespace Shadowcat.Sessions;

/// <summary>Which store telemetry is about.</summary>
public sealed record StoreAddress
{
    /// <summary>Names a kind of store.</summary>
    /// <param name="system">The tag <c>db.system.name</c>: a name of the conventions such as <c>redis</c> or <c>sqlite</c>, or one's own.</param>
    /// <exception cref="ArgumentException"><paramref name="system"/> is empty.</exception>
    public StoreAddress(string system)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(system);
        System = system;
    }

    /// <summary>The tag <c>db.system.name</c>.</summary>
    public string System { get; }

    /// <summary>The server as the application named it, without credentials; null where there is none.</summary>
    public string? Host { get; init; }

    /// <summary>Its port; null for the usual one, and where it is part of <see cref="Host"/>.</summary>
    public int? Port { get; init; }

    /// <summary>The database there; null where there is only one.</summary>
    public string? Database { get; init; }

    /// <summary>The server as an error names it, such as <c>localhost:6380</c>; null where there is none.</summary>
    public string? EndPoint => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;
}
