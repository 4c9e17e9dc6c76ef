namespace Shadowcat.Sessions;

/// <summary>The names of the tags of spans and instruments: a closed set. What does not begin with the library's name is OpenTelemetry's.</summary>
/// <seealso href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/"/>
internal static class TagNames
{
    public const string System = "db.system.name";
    public const string Operation = "db.operation.name";
    public const string Namespace = "db.namespace";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";
    public const string Store = SessionTelemetry.StoreTag;
    public const string CacheResult = "shadowcat.sessions.cache.result";
}
