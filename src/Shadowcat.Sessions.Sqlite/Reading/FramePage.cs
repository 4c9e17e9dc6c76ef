namespace Shadowcat.Sessions.Sqlite;

/// <summary>Frames that were read at one moment.</summary>
/// <param name="Frames">The frames, in order.</param>
/// <param name="IsLast">Whether nothing comes behind them, for a reader who does not wait.</param>
/// <param name="IsClosed">Whether nothing is expected behind them, for one who does.</param>
/// <param name="Expires">When the session ends unless there is activity.</param>
internal readonly record struct FramePage(IReadOnlyList<MessageEnvelope> Frames, bool IsLast, bool IsClosed, DateTimeOffset Expires);
