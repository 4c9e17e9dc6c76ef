namespace Shadowcat.Sessions.Tests.Telemetry;

public sealed class ErrorTypesTests
{
    [Fact]
    public void Of_EveryExceptionOfTheContract_IsItsName()
    {
        var exceptions = typeof(ISessionStore).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(SessionStoreException))).ToList();

        Assert.True(exceptions.Count >= 10);
        Assert.Equal(
            exceptions.Select(type => type.FullName).Append("System.OperationCanceledException").Append("_OTHER").Order(StringComparer.Ordinal),
            ErrorTypes.All.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_AnythingElse_IsOneOfTheSet()
    {
        Assert.Equal("System.OperationCanceledException", ErrorTypes.Of(new TaskCanceledException()));
        Assert.Equal("Shadowcat.Sessions.SessionStoreException", ErrorTypes.Of(new ForeignStoreException()));
        Assert.Equal("Shadowcat.Sessions.SessionTimeoutException", ErrorTypes.Of(new SessionTimeoutException("GetSession", null, TimeSpan.FromSeconds(1))));
        Assert.Equal("_OTHER", ErrorTypes.Of(new InvalidOperationException()));
    }

    private sealed class ForeignStoreException() : SessionStoreException("GetSession", null, "of a store that somebody else wrote");
}
