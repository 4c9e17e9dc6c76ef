using System.Globalization;

namespace Shadowcat.Sessions;

/// <summary>Which store it is that telemetry is about.</summary>
/// <param name="System">The tag <c>db.system.name</c>.</param>
/// <param name="Host">The server as the application named it; null where there is none.</param>
/// <param name="Port">Its port, unless it is the usual one or part of <paramref name="Host"/>.</param>
/// <param name="Database">The number of the database there, as text.</param>
/// <param name="ConnectTimeout">How long connecting may take, in ms; null where it is not the store that connects.</param>
internal sealed record StoreAddress(string System, string? Host = null, int? Port = null, string? Database = null, int? ConnectTimeout = null)
{
    /// <summary>No name that the conventions know fits, for which they allow one's own.</summary>
    public const string MemorySystem = "shadowcat.memory";

    /// <summary>The server as an error names it; null where there is none.</summary>
    public string? Place => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;

    public static StoreAddress Memory { get; } = new(MemorySystem);
}
