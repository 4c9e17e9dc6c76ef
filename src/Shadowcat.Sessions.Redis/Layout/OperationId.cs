namespace Shadowcat.Sessions.Redis;

/// <summary>Identifies a call across its tries: a random text, sent with each of them. The server keeps it for longer than any repetition takes.</summary>
internal static class OperationId
{
    public static string New() => RandomDigits.Next();
}
