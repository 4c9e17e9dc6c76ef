using System.Net;

namespace Shadowcat.Sessions.Garnet;

/// <summary>How an <see cref="EmbeddedGarnet"/> is started.</summary>
public sealed class EmbeddedGarnetOptions
{
    /// <summary>The loopback port to listen on.</summary>
    /// <value>1 to 65535; null, the default, for a free one that <see cref="EmbeddedGarnet.EndPoint"/> names.</value>
    /// <exception cref="ArgumentOutOfRangeException">The port is out of bounds.</exception>
    public int? Port
    {
        get;
        set
        {
            if (value is { } port)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(port, 1, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort, nameof(value));
            }

            field = value;
        }
    }
}
