namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>Where the server of a test comes from.</summary>
public enum RedisServerKind
{
    /// <summary>Somebody else's, named by <c>SHADOWCAT_TEST_REDIS</c>.</summary>
    Given,

    /// <summary>An official image, through Testcontainers.</summary>
    Container,

    /// <summary>A <c>redis-server</c> found on the PATH, which may be any version or fork of it.</summary>
    Process,

    /// <summary>Garnet inside the test process: needs nothing installed.</summary>
    Garnet,
}
