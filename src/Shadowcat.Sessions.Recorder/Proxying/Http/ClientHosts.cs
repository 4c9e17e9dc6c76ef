using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Refuses requests that a web page of somebody else sent: it may have let its own name point to this machine.</summary>
/// <param name="listen">Where the recorder listens.</param>
/// <param name="allowed">Further names that a client may use for it, or that its page may come from.</param>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning"/>
internal sealed class ClientHosts(Uri listen, IReadOnlyCollection<string> allowed)
{
    /// <summary>Says why a request is refused; null where it is not.</summary>
    public string? Refusal(HttpRequest request)
    {
        if (!listen.IsLoopback && allowed.Count == 0)
        {
            // Who listens for other machines is known by names that only he knows.
            return null;
        }

        if (!IsKnown(request.Host.Host))
        {
            return $"the host '{request.Host.Host}' is not one of this recorder; allow it with --allow-host";
        }

        foreach (var origin in request.Headers[HeaderNames.Origin])
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || !IsKnown(page.Host))
            {
                return $"pages of '{origin}' may not use this recorder; allow them with --allow-host";
            }
        }

        return null;
    }

    private bool IsKnown(string host)
    {
        var name = host.Trim('[', ']');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address))
            || name.Equals(listen.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            || allowed.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
