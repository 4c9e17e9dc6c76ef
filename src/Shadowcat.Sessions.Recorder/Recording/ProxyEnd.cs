namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>How a proxied conversation ended.</summary>
/// <param name="ExitCode">What the server exited with.</param>
/// <param name="WasClientFirst">True where the client had closed its end before the server exited.</param>
/// <param name="WasStopped">True where the proxy was stopped.</param>
internal sealed record ProxyEnd(int ExitCode, bool WasClientFirst, bool WasStopped);
