using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads a configuration string of the client library, or a URI. Problems are described without repeating any of the text, which may contain a password.</summary>
/// <seealso href="https://www.iana.org/assignments/uri-schemes/prov/redis"/>
/// <seealso href="https://seredis.dev/Configuration"/>
internal static class RedisConfiguration
{
    private const int UsualPort = 6379;
    private const string Plain = "redis";
    private const string Secure = "rediss";
    private const string Scheme = "://";

    private static readonly SearchValues<char> InAScheme = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static readonly SearchValues<char> NotInAHost = SearchValues.Create("/\\@:?#[]()<>{}|^`\"'*!$&;%+= \t\r\n");

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="configuration">What it says.</param>
    /// <param name="problem">What it must be, where it is not understood.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConfigurationOptions? configuration, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        configuration = IsUri(text) ? ParseUri(text, out problem) : Parse(text);
        problem ??= configuration is null or { EndPoints.Count: 0 } ? "it must be a StackExchange.Redis configuration string that names at least one end point, or a redis:// or rediss:// URI"
            : configuration.EndPoints.Any(static endPoint => endPoint is DnsEndPoint dns && !IsHost(dns.Host))
                ? "an end point in it is no host name with a port; a user and a password are said with user= and password=, or in a URI, redis://user:password@host:port"
            : RedisProxies.Refusal(configuration.Proxy);
        configuration = problem is null ? configuration : null;
        return problem is null;
    }

    /// <summary>Whether a text can be the name of a host, rather than something with a password in it.</summary>
    public static bool IsHost(string text) => text.Length > 0 && !text.AsSpan().ContainsAny(NotInAHost);

    /// <summary>Whether a text begins like a URI. The rest may contain anything, such as a password.</summary>
    private static bool IsUri(string text) =>
        text.IndexOf(Scheme, StringComparison.Ordinal) is > 0 and var end && !text.AsSpan(0, end).Trim().ContainsAnyExcept(InAScheme);

    private static ConfigurationOptions? Parse(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static ConfigurationOptions? ParseUri(string text, out string? problem)
    {
        problem = "it is a URI that is not understood: it must be redis://user:password@host:port/database, or rediss:// for TLS, with what is special in user and password percent-encoded";
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not (Plain or Secure) || !(uri.HostNameType == UriHostNameType.IPv6 || IsHost(uri.Host)) || uri.Fragment.Length > 0)
        {
            return null;
        }

        var database = uri.AbsolutePath.Trim('/');
        var number = 0;
        if (uri.Query.Length > 0 || (database.Length > 0 && !int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            problem = "it is a URI with more than user, password, host, port and the number of a database: what else there is to say is said by a StackExchange.Redis configuration string, or by ConfigureConnection";
            return null;
        }

        var (user, password) = uri.UserInfo.Split(':', 2) is [var name, var secret] ? (name, secret) : (uri.UserInfo, null);
        if (user.Length > 0 && password is null)
        {
            problem = "it is a URI with a user and no password: a password alone is redis://:password@host";
            return null;
        }

        problem = null;
        var configuration = new ConfigurationOptions
        {
            Ssl = uri.Scheme == Secure,
            User = user.Length > 0 ? Uri.UnescapeDataString(user) : null,
            Password = password is { Length: > 0 } ? Uri.UnescapeDataString(password) : null,
            DefaultDatabase = database.Length > 0 ? number : null,
        };
        configuration.EndPoints.Add(uri.DnsSafeHost, uri.IsDefaultPort || uri.Port < 0 ? UsualPort : uri.Port);
        return configuration;
    }
}
