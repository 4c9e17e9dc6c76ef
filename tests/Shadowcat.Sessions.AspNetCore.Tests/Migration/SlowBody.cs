using System.Net;
using System.Net.Http.Headers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>The body of a request, whose first byte comes at once and whose rest comes later.</summary>
internal sealed class SlowBody : HttpContent
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly Task _then;

    public SlowBody(ReadOnlyMemory<byte> json, Task then)
    {
        _json = json;
        _then = then;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_json[..1]);
        await stream.FlushAsync();
        await _then;
        await stream.WriteAsync(_json[1..]);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
