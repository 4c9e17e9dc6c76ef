using Shadowcat.Sessions.Tests.Buffering;
using Shadowcat.Sessions.Tests.Protection;

namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>The suites against a <see cref="BufferedSessionStore"/> around a <see cref="ProtectedSessionStore"/> around a <see cref="SqliteSessionStore"/>.</summary>
[StoreUnderTest(typeof(BufferedSessionStore), KeepsSizes = false)]
public sealed class ConformanceEncryptedBufferedInSqlite : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new BufferedHarness(new ProtectedHarness(new SqliteHarness()));
}
