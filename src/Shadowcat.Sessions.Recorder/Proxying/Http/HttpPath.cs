using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>What is the same for all requests to a server.</summary>
/// <param name="Endpoint">Its endpoint. What goes to another path of it is handed on too, and not recorded.</param>
/// <param name="Server">Sends to it.</param>
/// <param name="Callers">Distinguishes its clients.</param>
/// <param name="Sessions">Finds the recordings.</param>
/// <param name="Notices">Say what is not recorded.</param>
internal sealed record HttpPath(HttpEndpoint Endpoint, HttpMessageInvoker Server, HttpCallers Callers, HttpSessions Sessions, Notices Notices);
