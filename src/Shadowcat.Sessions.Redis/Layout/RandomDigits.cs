using System.Security.Cryptography;

namespace Shadowcat.Sessions.Redis;

/// <summary>Sixteen random hexadecimal digits, as tokens and operations have them. Each thread asks the system for those of many at once: asking costs more than making text of them.</summary>
internal static class RandomDigits
{
    private const int Bytes = 8;
    private const int AskedForAtOnce = 64 * Bytes;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    public static string Next()
    {
        var random = _random ??= new byte[AskedForAtOnce];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = AskedForAtOnce;
        }

        _left -= Bytes;
        return Convert.ToHexStringLower(random, _left, Bytes);
    }
}
