using System.Net;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>One request on its way to the server, and its response on its way back.</summary>
/// <param name="path">What is the same for all requests.</param>
/// <param name="context">The request.</param>
/// <param name="target">Where it goes.</param>
/// <param name="ending">Is cancelled when nobody waits for the response any more.</param>
internal sealed class HttpForwarding(HttpPath path, HttpContext context, Uri target, CancellationToken ending)
{
    private const string EventStream = "text/event-stream";
    private const int ChunkBytes = 64 * 1024;

    private readonly bool _isRecorded = path.Endpoint.Has(context.Request.Path);
    private byte[] _body = [];
    private HttpExchange? _exchange;
    private HttpAnswer? _answer;

    private HttpResponse Client => context.Response;

    public async Task RunAsync()
    {
        try
        {
            await ReadAsync();
            await ForwardAsync();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody waits for the response any more.
            End(IsClientGone ? null : ExchangeEnd.Stopped, IsClientGone ? ExchangeEnd.Client : ExchangeEnd.Recorder);
            context.Abort();
        }
        catch (BadHttpRequestException exception) when (!Client.HasStarted)
        {
            // The client's fault, and not handed on.
            End(ExchangeEnd.Broken, exception.StatusCode == StatusCodes.Status400BadRequest ? ExchangeEnd.Client : ExchangeEnd.Recorder, exception.StatusCode);
            await SayAsync(exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            await BreakAsync(exception);
        }
        finally
        {
            // Whatever else happened: what has begun has an end, and only one.
            _exchange?.Finish(ExchangeEnd.Broken, ExchangeEnd.Recorder);
        }
    }

    private bool IsClientGone => context.RequestAborted.IsCancellationRequested;

    private async Task ReadAsync()
    {
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, ending);
        }
        finally
        {
            // What came of it, where it is not whole.
            _body = body.ToArray();
        }
    }

    private async Task ForwardAsync()
    {
        if (_isRecorded)
        {
            _exchange = HttpExchange.Begin(path, context.Request, target, _body);
        }
        else
        {
            path.Notices.Say($"not recorded, for it is not the endpoint that --http names: {context.Request.Method} {context.Request.Path}");
        }

        using var request = Request();
        using var response = await path.Server.SendAsync(request, ending);
        _exchange?.Answered(response);
        var isStream = IsStream(response);
        _answer = _exchange is null ? null : new HttpAnswer(_exchange, isStream, () => IsClientGone);
        Client.StatusCode = (int)response.StatusCode;
        HopHeaders.Copy(response, Client.Headers);
        Redirect(Client.Headers);
        if (HasNoBody)
        {
            // What is without a body stays without: not even an empty one may be written.
            _answer?.Complete();
            Client.ContentLength = response.StatusCode == HttpStatusCode.NoContent ? null : Client.ContentLength;
            return;
        }

        await CarryAsync(response, isStream);
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target)
        {
            Content = _body.Length > 0 || context.Request.ContentLength is not null ? new ByteArrayContent(_body) : null,
        };
        HopHeaders.Copy(context.Request.Headers, request);
        return request;
    }

    private bool HasNoBody =>
        HttpMethods.IsHead(context.Request.Method) || Client.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified;

    private static bool IsStream(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types)
        && types.ToString().Split(';', ',')[0].Trim().Equals(EventStream, StringComparison.OrdinalIgnoreCase);

    /// <summary>Hands a body on as it comes.</summary>
    private async Task CarryAsync(HttpResponseMessage response, bool isStream)
    {
        if (isStream)
        {
            // The client may wait for the headers of a stream on which nothing comes for long.
            await Client.StartAsync(ending);
            await Client.Body.FlushAsync(ending);
        }

        var left = Client.ContentLength;
        var buffer = new byte[ChunkBytes];
        await using var body = await response.Content.ReadAsStreamAsync(ending);
        while (await body.ReadAsync(buffer, ending) is > 0 and var length)
        {
            left -= length;
            _answer?.Add(buffer.AsSpan(0, length));
            if (_exchange?.Refusal is { } refusal)
            {
                // Half a conversation looks like a whole one.
                path.Notices.Say($"refused: {refusal}");
                End(ExchangeEnd.Stopped, ExchangeEnd.Recorder);
                context.Abort();
                return;
            }

            if (left <= 0)
            {
                _answer?.Complete();
            }

            await Client.Body.WriteAsync(buffer.AsMemory(0, length), ending);
            await Client.Body.FlushAsync(ending);
        }

        _answer?.Complete();
    }

    /// <summary>Lets a redirection to the server itself lead through the recorder.</summary>
    private void Redirect(IHeaderDictionary headers)
    {
        if (Client.StatusCode is < StatusCodes.Status300MultipleChoices or >= StatusCodes.Status400BadRequest || headers.Location is not [{ Length: > 0 } location])
        {
            return;
        }

        if (!path.Endpoint.TryFollow(target, location, out var place))
        {
            path.Notices.Say($"the server redirects {context.Request.Path} to {location}; what clients send there does not go through the recorder");
            return;
        }

        headers.Location = place;
        if (_isRecorded)
        {
            path.Endpoint.Alias(place);
        }
    }

    private async Task BreakAsync(Exception exception)
    {
        if (IsClientGone)
        {
            End(how: null, ExchangeEnd.Client);
            context.Abort();
            return;
        }

        if (Client.HasStarted)
        {
            // As the server's own connection did.
            End(ExchangeEnd.Broken, ExchangeEnd.Server);
            context.Abort();
            return;
        }

        var isUnreachable = exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };
        End(isUnreachable ? ExchangeEnd.Unreachable : ExchangeEnd.Broken, isUnreachable ? ExchangeEnd.Recorder : ExchangeEnd.Server, StatusCodes.Status502BadGateway);
        await SayAsync(StatusCodes.Status502BadGateway, $"the server does not answer: {exception.Message}");
    }

    /// <summary>Records an end that no whole answer made.</summary>
    private void End(string? how, string by, int? status = null)
    {
        if (_isRecorded && _exchange is null)
        {
            // The client's request was not even whole, and was not handed on.
            HttpExchange.Begin(path, context.Request, target, []).Finish(
                how ?? ExchangeEnd.Broken, by, _body, _body.Length, status);
        }
        else if (_answer is not null && status is null)
        {
            _answer.Break(how, by);
        }
        else
        {
            _exchange?.Finish(how, by, status: status);
        }
    }

    private async Task SayAsync(int status, string text)
    {
        // Without what the server said before its connection broke.
        Client.Clear();
        Client.StatusCode = status;
        await Client.WriteAsync($"shadowcat: {text}\n", ending);
    }
}
