using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>How a registered store reaches its server.</summary>
internal sealed class RedisLocation
{
    /// <summary>Gets the connection of the application's own; null where the store connects by itself.</summary>
    public Func<IServiceProvider, IConnectionMultiplexer>? Connection { get; private set; }

    /// <summary>Whether a call said where the server is, and did not leave it to the options.</summary>
    private bool IsSaid { get; set; }

    /// <summary>Says where the server is.</summary>
    /// <param name="connection">Gets the connection; null where the options name the server.</param>
    /// <exception cref="InvalidOperationException">It was said before.</exception>
    public void Say(Func<IServiceProvider, IConnectionMultiplexer>? connection)
    {
        if (IsSaid)
        {
            throw new InvalidOperationException("UseRedis said where the server is before: say it once. Further options can be set by UseRedis(options => …), and a second store has a name of its own: services.AddShadowcatSessions(\"name\").");
        }

        (IsSaid, Connection) = (true, connection);
    }
}
