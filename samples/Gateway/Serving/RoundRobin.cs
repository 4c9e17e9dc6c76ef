using Microsoft.AspNetCore.Http;

namespace Gateway.Serving;

/// <summary>Sends each request to the next replica, whatever session it is of: what a load balancer does that knows nothing of sessions.</summary>
internal sealed class RoundRobin(IReadOnlyList<Uri> replicas) : IDisposable
{
    private static readonly HashSet<string> HopByHop = new(["Connection", "Host", "Keep-Alive", "Transfer-Encoding", "Upgrade"], StringComparer.OrdinalIgnoreCase);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        // A stream lives as long as its session.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private int _turn = -1;

    public async Task ForwardAsync(HttpContext context)
    {
        if (context.Request.Path.Value is (not ['/', ..]) or [_, '/' or '\\', ..])
        {
            // It names another host, or might be taken to.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        for (var attempt = 1; ; attempt++)
        {
            var replica = replicas[(int)((uint)Interlocked.Increment(ref _turn) % replicas.Count)];
            try
            {
                using var request = Copy(context.Request, body, replica);
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
                await CopyAsync(response, context.Response, context.RequestAborted);
                return;
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError && attempt < replicas.Count)
            {
                // Nobody listens there, so nothing was done: the next one can have it.
            }
            catch (HttpRequestException) when (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                return;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The request for a replica. Scheme, host and port are always the replica's: the path is put behind them, and not resolved against them.</summary>
    private static HttpRequestMessage Copy(HttpRequest source, MemoryStream body, Uri replica)
    {
        var request = new HttpRequestMessage(new HttpMethod(source.Method), new Uri($"{replica.Scheme}://{replica.Authority}{source.Path}{source.QueryString}"))
        {
            Content = body.Length == 0 ? null : new ByteArrayContent(body.ToArray()),
        };
        foreach (var (name, values) in source.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return request;
    }

    private static async Task CopyAsync(HttpResponseMessage source, HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = (int)source.StatusCode;
        foreach (var (name, values) in source.Headers.Concat(source.Content.Headers).Where(header => !HopByHop.Contains(header.Key)))
        {
            response.Headers[name] = values.ToArray();
        }

        await response.StartAsync(cancellationToken);
        await source.Content.CopyToAsync(response.Body, cancellationToken);
    }
}
