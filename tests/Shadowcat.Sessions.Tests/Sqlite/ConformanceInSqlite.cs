namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>The suites against a <see cref="SqliteSessionStore"/>.</summary>
[StoreUnderTest(typeof(SqliteSessionStore))]
public sealed class ConformanceInSqlite : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new SqliteHarness();
}
