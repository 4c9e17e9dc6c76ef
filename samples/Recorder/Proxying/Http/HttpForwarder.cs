using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Recorder.Recording;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Recorder.Proxying.Http;

/// <summary>Hands a request of Streamable HTTP on and its response back, as they are, and shows the messages in them to a recording on the way.</summary>
/// <param name="upstream">The server's endpoint. What goes to another path is handed on too, and not recorded.</param>
/// <param name="server">Sends to the server.</param>
/// <param name="sessions">Finds the recordings.</param>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http"/>
internal sealed class HttpForwarder(Uri upstream, HttpMessageInvoker server, HttpSessions sessions)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string EventStream = "text/event-stream";
    private const int ChunkBytes = 64 * 1024;
    private const int MaxEventBytes = 64 * 1024 * 1024;
    private const int HashDigits = 16;

    public async Task ForwardAsync(HttpContext context, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        try
        {
            await ForwardUntilAsync(context, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody waits for the response any more.
            context.Abort();
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            // The client's fault, and not handed on.
            context.Response.StatusCode = exception.StatusCode;
            await context.Response.WriteAsync($"recorder: {exception.Message}\n", ending.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            if (context.Response.HasStarted)
            {
                // As the server's own connection did.
                context.Abort();
                return;
            }

            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync($"recorder: the server does not answer: {exception.Message}\n", ending.Token);
        }
    }

    private async Task ForwardUntilAsync(HttpContext context, CancellationToken ending)
    {
        var body = await ReadAsync(context.Request, ending);
        var exchange = context.Request.Path == upstream.AbsolutePath ? Exchange.Begin(sessions, context, body) : null;
        using var request = Request(context.Request, body);
        using var response = await server.SendAsync(request, ending);
        exchange?.Answered(response);

        context.Response.StatusCode = (int)response.StatusCode;
        HopHeaders.Copy(response, context.Response.Headers);
        if (exchange is null)
        {
            await response.Content.CopyToAsync(context.Response.Body, ending);
        }
        else if (response.Content.Headers.ContentType?.MediaType == EventStream)
        {
            await StreamAsync(response, context.Response, exchange.Recording, ending);
        }
        else
        {
            // Shown before it is sent: the client may go on as soon as it has it.
            var answer = await response.Content.ReadAsByteArrayAsync(ending);
            exchange.ObserveAnswer(answer, (int)response.StatusCode);
            await context.Response.Body.WriteAsync(answer, ending);
        }
    }

    private HttpRequestMessage Request(HttpRequest client, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(client.Method), new Uri(upstream, client.GetEncodedPathAndQuery()))
        {
            Content = body.Length > 0 || client.ContentLength is not null ? new ByteArrayContent(body) : null,
        };
        HopHeaders.Copy(client.Headers, request);
        return request;
    }

    private static async Task StreamAsync(HttpResponseMessage from, HttpResponse to, SessionRecording recording, CancellationToken ending)
    {
        // The client may wait for the headers of a stream on which nothing comes for long.
        await to.StartAsync(ending);
        await to.Body.FlushAsync(ending);
        var splitter = new SseSplitter(MaxEventBytes, recording.Observe);
        var buffer = new byte[ChunkBytes];
        await using var stream = await from.Content.ReadAsStreamAsync(ending);
        while (await stream.ReadAsync(buffer, ending) is > 0 and var length)
        {
            splitter.Add(buffer.AsSpan(0, length));
            await to.Body.WriteAsync(buffer.AsMemory(0, length), ending);
            await to.Body.FlushAsync(ending);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken ending)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ending);
        return body.ToArray();
    }

    /// <summary>A request to the endpoint, and the recording it belongs to.</summary>
    private sealed class Exchange
    {
        private readonly HttpSessions _sessions;
        private readonly string _method;
        private readonly string _client;
        private readonly string? _named;
        private readonly bool _begins;

        private Exchange(HttpSessions sessions, HttpRequest request, byte[] body)
        {
            _sessions = sessions;
            _method = request.Method;
            _client = Client(request);
            _named = request.Headers[SessionHeader] is [{ Length: > 0 } id] ? id : null;
            _begins = _named is null && HttpMethods.IsPost(_method) && IsInitialize(body);
            Recording = _begins ? sessions.Begin() : sessions.Of(_named, _client);
            Recording.TransportVersion = request.Headers[VersionHeader] is [{ Length: > 0 } version] ? version : Recording.TransportVersion;
        }

        public SessionRecording Recording { get; }

        public static Exchange Begin(HttpSessions sessions, HttpContext context, byte[] body)
        {
            var exchange = new Exchange(sessions, context.Request, body);
            if (body.Length > 0)
            {
                exchange.Recording.ObserveRequest(body);
            }

            return exchange;
        }

        /// <summary>Notes what the headers say of the session.</summary>
        public void Answered(HttpResponseMessage response)
        {
            if (_begins && response.Headers.TryGetValues(SessionHeader, out var ids) && ids.FirstOrDefault() is { Length: > 0 } id)
            {
                _sessions.Name(Recording, id);
            }
            else if (_begins)
            {
                _sessions.Adopt(Recording, _client);
            }
        }

        /// <summary>Shows a whole answer, and notes where it was the last of its session.</summary>
        public void ObserveAnswer(byte[] answer, int status)
        {
            if (answer.Length > 0)
            {
                Recording.ObserveResponse(answer, status);
            }

            if (_named is not null && status is >= 200 and < 300 && HttpMethods.IsDelete(_method))
            {
                _sessions.End(_named, "the client ended the session");
            }
            else if (_named is not null && status == (int)HttpStatusCode.NotFound)
            {
                _sessions.End(_named, "the server no longer has the session");
            }
        }

        private static bool IsInitialize(byte[] body) =>
            new MessageEnvelope(SessionId.New(), MessageDirection.ClientToServer, TransportType.StreamableHttp, body, DateTimeOffset.UnixEpoch).Method == "initialize";

        /// <summary>What tells clients apart that name no session: where they are, what program and who.</summary>
        private static string Client(HttpRequest request)
        {
            var credentials = request.Headers.Authorization.ToString();
            var who = credentials.Length > 0 ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credentials)))[..HashDigits] : "";
            return $"address={request.HttpContext.Connection.RemoteIpAddress}&agent={Uri.EscapeDataString(request.Headers.UserAgent.ToString())}&authorization={who}";
        }
    }
}
