using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Where the server is, and which requests go to its endpoint.</summary>
/// <param name="upstream">The endpoint.</param>
internal sealed class HttpEndpoint(Uri upstream)
{
    private const int MaxAliases = 16;

    private readonly string _authority = $"{upstream.Scheme}://{upstream.Authority}";
    private readonly Lock _lock = new();
    private readonly List<string> _paths = [Plain(Uri.UnescapeDataString(upstream.AbsolutePath))];

    /// <summary>What the endpoint is called where that may be read: no password, no query.</summary>
    public string Name => _authority + upstream.AbsolutePath;

    /// <summary>Finds what a client asks for at the server. Scheme, host and port are always the server's.</summary>
    /// <param name="rawTarget">The target as the client sent it.</param>
    /// <param name="path">Its path without dot segments.</param>
    /// <param name="target">The address at the server; null where the client names another host, or might be taken to.</param>
    public bool TryResolve(string rawTarget, PathString path, [NotNullWhen(true)] out Uri? target)
    {
        // A path that begins with two slashes is the name of a host to whoever resolves it as a reference.
        var isPath = rawTarget.StartsWith('/') && !IsNetworkPath(rawTarget) && path.Value is { Length: > 0 } plain && !IsNetworkPath(plain);

        // Behind the authority, and not resolved against it; and exactly as it was sent.
        target = isPath && Uri.TryCreate(_authority + rawTarget, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var uri)
            && IsOfServer(uri)
            ? uri
            : null;
        return target is not null;
    }

    /// <summary>Whether a path is that of the endpoint, however it is spelled: servers take another case, a slash at the end and path parameters for the same.</summary>
    public bool Has(PathString path)
    {
        var plain = Plain(path.Value ?? "");
        lock (_lock)
        {
            return _paths.Contains(plain, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>Finds where the server sends a client, if to itself.</summary>
    /// <param name="from">What was asked for.</param>
    /// <param name="location">What the server answered.</param>
    /// <param name="target">Where it leads, as a path for clients of the recorder; null where it leads to somebody else.</param>
    public bool TryFollow(Uri from, string location, [NotNullWhen(true)] out string? target)
    {
        target = Uri.TryCreate(new Uri(from.AbsoluteUri), location, out var uri) && IsOfServer(uri) && !IsNetworkPath(uri.PathAndQuery)
            ? uri.PathAndQuery + uri.Fragment
            : null;
        return target is not null;
    }

    /// <summary>Takes another path for the endpoint too: the server sends its clients there.</summary>
    public void Alias(string target)
    {
        var plain = Plain(Uri.UnescapeDataString(target.Split('?', '#')[0]));
        lock (_lock)
        {
            if (_paths.Count < MaxAliases && !_paths.Contains(plain, StringComparer.OrdinalIgnoreCase))
            {
                _paths.Add(plain);
            }
        }
    }

    private bool IsOfServer(Uri uri) =>
        uri.Scheme == upstream.Scheme && string.Equals(uri.Host, upstream.Host, StringComparison.OrdinalIgnoreCase) && uri.Port == upstream.Port && uri.UserInfo.Length == 0;

    private static bool IsNetworkPath(string path) => path.Length > 1 && path[1] is '/' or '\\';

    private static string Plain(string path)
    {
        var segments = path.Split('/').Select(segment => segment.Split(';')[0]);
        return string.Join('/', segments).TrimEnd('/');
    }
}
