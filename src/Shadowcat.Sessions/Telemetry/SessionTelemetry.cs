using System.Diagnostics.Metrics;
using System.Reflection;

namespace Shadowcat.Sessions;

/// <summary>Where the library's telemetry comes from. It follows the database conventions of OpenTelemetry where these have a word for it.</summary>
/// <remarks>Costs nothing where nobody listens. No name, tag or event holds a session id, a payload or a credential; every tag has a closed set of values.</remarks>
/// <seealso href="https://opentelemetry.io/docs/specs/semconv/db/"/>
public static class SessionTelemetry
{
    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "Shadowcat.Sessions";

    /// <summary>The name of the activity source, for <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "Shadowcat.Sessions";

    /// <summary>The tag that distinguishes the stores of one application: the name that a store was registered with. The store without a name has no such tag.</summary>
    public const string StoreTag = "shadowcat.sessions.store";

    /// <summary>What to put on every measurement of a meter, so that each backend shows which store it is of; many do not show the tags of the meter itself. For whoever writes a store that has instruments.</summary>
    /// <param name="meter">The meter, from the factory that <see cref="ShadowcatSessionsBuilder.GetMeterFactory"/> returns, or from another one.</param>
    /// <returns>The tag <see cref="StoreTag"/> of the meter; nothing where it has none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="meter"/> is null.</exception>
    public static KeyValuePair<string, object?>[] StoreTagsOf(Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return [.. (meter.Tags ?? []).Where(static tag => tag.Key == StoreTag)];
    }

    /// <summary>The version of the library, as meter and source say it.</summary>
    internal static string? Version { get; } =
        typeof(SessionTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
