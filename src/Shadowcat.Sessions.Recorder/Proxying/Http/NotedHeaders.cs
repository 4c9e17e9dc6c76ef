using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>The headers that say something of an exchange and hold no secret, as metadata of its frames.</summary>
internal static class NotedHeaders
{
    private const string Prefix = "http.header.";
    private const string Mcp = "Mcp-";
    private const int MaxNoted = 64;

    /// <summary>Whoever knows it can speak in the session; the session of the record has a hash of it.</summary>
    private const string SessionHeader = "Mcp-Session-Id";

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "WWW-Authenticate", "Retry-After", "Location", "Last-Event-ID", "Content-Encoding",
    };

    /// <summary>Those of a request.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IHeaderDictionary headers) =>
        Noted(headers.Select(header => (header.Key, $"{header.Value}")));

    /// <summary>Those of a response.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(HttpResponseMessage response) =>
        Noted(Of(response.Headers).Concat(Of(response.Content.Headers)));

    private static IEnumerable<(string Name, string Value)> Of(HttpHeaders headers) => headers.NonValidated.Select(header => (header.Key, header.Value.ToString()));

    private static IEnumerable<KeyValuePair<string, string>> Noted(IEnumerable<(string Name, string Value)> headers) => headers
        .Where(header => (Names.Contains(header.Name) || header.Name.StartsWith(Mcp, StringComparison.OrdinalIgnoreCase))
            && !header.Name.Equals(SessionHeader, StringComparison.OrdinalIgnoreCase)
            && Prefix.Length + header.Name.Length <= FrameMetadata.MaxKeyLength
            && header.Value.Length <= FrameMetadata.MaxValueLength)
        .Select(header => new KeyValuePair<string, string>(Prefix + header.Name.ToLowerInvariant(), header.Value))
        .DistinctBy(header => header.Key)
        .Take(MaxNoted);
}
