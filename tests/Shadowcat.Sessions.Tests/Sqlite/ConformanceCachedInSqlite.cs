using Shadowcat.Sessions.Tests.Caching;

namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>The suites against a <see cref="CachedSessionStore"/> around a <see cref="SqliteSessionStore"/>.</summary>
[StoreUnderTest(typeof(CachedSessionStore))]
public sealed class ConformanceCachedInSqlite : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new CachedHarness(new SqliteHarness());
}
