namespace Shadowcat.Sessions;

/// <summary>The frames of one session in one call of <c>append-frames.lua</c>.</summary>
/// <param name="Id">The session.</param>
/// <param name="Number">The writer's number of the first frame.</param>
/// <param name="Acknowledged">The last number acknowledged to the writer in this session; -1 where it does not remember one.</param>
/// <param name="SentBefore">Whether the same block was sent before and its outcome is unknown.</param>
/// <param name="Frames">The frames in their stored form.</param>
internal readonly record struct AppendBlock(SessionId Id, long Number, long Acknowledged, bool SentBefore, IReadOnlyList<byte[]> Frames);
