using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>One of the flights that a queue may have under way. To the append script it is a writer of its own, that numbers its calls.</summary>
internal sealed class AppendLane
{
    private const int WriterDigits = 16;

    public string Writer { get; } = RandomNumberGenerator.GetHexString(WriterDigits, lowercase: true);

    /// <summary>The number of the newest call.</summary>
    public long Number { get; set; }

    /// <summary>The number of the newest call that was acknowledged.</summary>
    public long Acknowledged { get; set; }

    public AppendFlight Flight { get; } = new();

    public bool IsBusy { get; set; }

    /// <summary>Ends when the lane has nothing to do any more.</summary>
    public Task Running { get; set; } = Task.CompletedTask;
}
