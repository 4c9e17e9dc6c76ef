using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Checks <see cref="SqliteSessionStoreOptions"/>.</summary>
internal sealed class SqliteSessionStoreOptionsValidator : IValidateOptions<SqliteSessionStoreOptions>
{
    private const long MinFileBytes = 1L << 20;
    private const long MaxFileBytes = 1L << 44;

    public static SqliteSessionStoreOptionsValidator Instance { get; } = new();

    public ValidateOptionsResult Validate(string? name, SqliteSessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionRules(nameof(SqliteSessionStoreOptions));
        rules.Holds(
            IsPath(options.Path),
            nameof(options.Path),
            string.IsNullOrWhiteSpace(options.Path) ? "empty" : $"'{options.Path}'",
            "it must be the path of a file: databases in memory and URIs are none");
        rules.Holds(Enum.IsDefined(options.Synchronous), nameof(options.Synchronous), options.Synchronous.ToString("D"), "it must be Full or Normal");
        rules.Range(nameof(options.LockTimeout), options.LockTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        if (options.MaxFileBytes is { } bytes)
        {
            rules.Range(nameof(options.MaxFileBytes), bytes, MinFileBytes, MaxFileBytes, " bytes");
        }

        return rules.ToResult();
    }

    private static bool IsPath(string? path) =>
        !string.IsNullOrWhiteSpace(path)
        && !path.Contains('\0', StringComparison.Ordinal)
        && !path.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
        && !System.IO.Path.EndsInDirectorySeparator(path);
}
