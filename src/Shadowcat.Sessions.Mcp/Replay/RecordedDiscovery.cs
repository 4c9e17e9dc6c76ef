using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>
/// Derives an answer to <c>server/discover</c> from a recording without one, since its client may have asked in another process. The versions are those of the requests that were answered, the capabilities
/// those of their methods.
/// </summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2026-07-28/server/discover"/>
internal sealed class RecordedDiscovery
{
    private static readonly (string Prefix, string Capability)[] CapabilityOfMethods =
    [
        ("tools/", "tools"),
        ("resources/", "resources"),
        ("prompts/", "prompts"),
        ("completion/", "completions"),
        ("logging/", "logging"),
    ];

    private readonly SortedSet<string> _versions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _capabilities = new(StringComparer.Ordinal);
    private Peer? _server;

    /// <summary>The answer; null where no request outside of a handshake was answered.</summary>
    /// <remarks>Clients must not cache it: it is true of this recording only.</remarks>
    public JsonObject? Result() => _versions.Count == 0 ? null : new JsonObject
    {
        ["resultType"] = "complete",
        ["supportedVersions"] = new JsonArray([.. _versions.Reverse().Select(version => (JsonNode)version)]),
        ["capabilities"] = new JsonObject(_capabilities.Select(capability => KeyValuePair.Create(capability, (JsonNode?)new JsonObject()))),
        ["ttlMs"] = 0,
        ["cacheScope"] = "private",
        ["_meta"] = _server is null ? new JsonObject() : new JsonObject { ["io.modelcontextprotocol/serverInfo"] = JsonNode.Parse(_server.Json) },
    };

    /// <summary>Adds a request that was answered.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="version">The version that it named.</param>
    /// <param name="answer">What answered it.</param>
    public void Note(string method, string version, MessageEnvelope answer)
    {
        if (answer.Kind != MessageKind.Response || string.Equals(method, RequestMethods.Initialize, StringComparison.Ordinal))
        {
            return;
        }

        _versions.Add(version);
        _server ??= PeerNames.Server(answer.Payload);
        foreach (var (prefix, capability) in CapabilityOfMethods)
        {
            if (method.StartsWith(prefix, StringComparison.Ordinal))
            {
                _capabilities.Add(capability);
            }
        }
    }
}
