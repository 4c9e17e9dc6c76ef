using System.Security.Cryptography;

namespace Shadowcat.Sessions.Redis;

/// <summary>What makes a repeated call the same one: random, drawn once for a call, sent with each of its tries and kept by the server for longer than any repetition takes.</summary>
internal static class OperationId
{
    private const int Digits = 16;

    public static string New() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}
