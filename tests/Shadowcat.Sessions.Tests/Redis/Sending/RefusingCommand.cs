namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A command that cannot even be sent.</summary>
internal sealed class RefusingCommand(Exception exception) : RedisCommand
{
    public override Task SendAsync(RedisTarget target) => throw exception;

    public override void Abandon() => Assert.Fail("Nothing was sent.");
}
