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

    /// <summary>The version of the library, as meter and source say it.</summary>
    internal static string? Version { get; } = typeof(SessionTelemetry).Assembly.GetName().Version?.ToString(3);
}
