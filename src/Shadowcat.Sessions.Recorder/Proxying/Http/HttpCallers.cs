using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Finds out who sends a request.</summary>
/// <remarks>
/// Credentials are compared by a hash with a key that this process makes and never gives away: a plain hash of a password gives it away to whoever tries a list of words.
/// </remarks>
internal sealed class HttpCallers
{
    private const string Bearer = "Bearer ";
    private const int JwtParts = 3;
    private const int MaxText = 60;

    private static readonly string[] PrincipalClaims = ["iss", "sub", "client_id", "azp"];

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    public HttpCaller Of(HttpRequest request)
    {
        var connection = request.HttpContext.Connection;

        // Behind another proxy the address is that proxy's; it says whom it stands for.
        var forwarded = $"{request.Headers["X-Forwarded-For"]}{request.Headers["Forwarded"]}";
        var place = $"address={connection.RemoteIpAddress}{(forwarded.Length > 0 ? $"&forwarded={Text(forwarded)}" : "")}&agent={Text($"{request.Headers.UserAgent}")}";
        var credentials = request.Headers.Authorization.ToString();
        var name = NameIn(credentials);
        return new HttpCaller(place, connection.Id, credentials.Length == 0 ? null : Hash(name ?? credentials), name is not null);
    }

    /// <summary>What a JWT says of its owner, whose next one says the same; null for any other credential. Nobody has checked it: it decides what is recorded together, and nothing else.</summary>
    private static string? NameIn(string credentials)
    {
        if (!credentials.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || credentials[Bearer.Length..].Trim().Split('.') is not { Length: JwtParts } parts)
        {
            return null;
        }

        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            var values = PrincipalClaims.Select(claim => claims.RootElement.TryGetProperty(claim, out var value) ? value.GetRawText() : "").ToArray();
            return values[1].Length > 0 ? string.Join('\n', values) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // Three parts, and yet no JWT.
            return null;
        }
    }

    /// <summary>A text that a store takes in a key, and that is another where the whole is another.</summary>
    private string Text(string header) => Uri.EscapeDataString(header.Length <= MaxText ? header : $"{header[..MaxText]}#{Hash(header)}");

    private string Hash(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
