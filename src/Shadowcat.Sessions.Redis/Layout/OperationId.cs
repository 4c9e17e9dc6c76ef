using System.Security.Cryptography;

namespace Shadowcat.Sessions.Redis;

/// <summary>Identifies a call across its tries: a random text, sent with each of them. The server keeps it for longer than any repetition takes.</summary>
internal static class OperationId
{
    private const int Digits = 16;

    public static string New() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}
