using Recorder.Proxying;

namespace Recorder.Recording;

/// <summary>A line and when it was seen.</summary>
internal sealed record SeenLine(WireLine Line, DateTimeOffset Time);
