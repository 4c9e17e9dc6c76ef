using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Hands headers on, but for those that are about one connection only.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1"/>
internal static class HopHeaders
{
    private static readonly HashSet<string> OfAConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>The server is sent its own name, and is asked not to compress: what is compressed cannot be recorded.</summary>
    private static readonly HashSet<string> OfTheRecorder = new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Accept-Encoding", "Expect" };

    /// <summary>Copies a client's headers.</summary>
    public static void Copy(IHeaderDictionary from, HttpRequestMessage to)
    {
        var named = from.Connection.SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in from)
        {
            if (OfAConnection.Contains(name) || named.Contains(name) || OfTheRecorder.Contains(name) || name.StartsWith(':'))
            {
                continue;
            }

            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    /// <summary>Copies a server's headers.</summary>
    public static void Copy(HttpResponseMessage from, IHeaderDictionary to)
    {
        var named = from.Headers.Connection.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in Of(from.Headers).Concat(Of(from.Content.Headers)))
        {
            if (!OfAConnection.Contains(name) && !named.Contains(name))
            {
                to[name] = values.ToArray();
            }
        }
    }

    private static IEnumerable<(string Name, IEnumerable<string> Values)> Of(HttpHeaders headers) =>
        headers.NonValidated.Select(header => (header.Key, (IEnumerable<string>)header.Value));
}
