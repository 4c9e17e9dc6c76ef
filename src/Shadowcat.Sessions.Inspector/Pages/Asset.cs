using System.IO.Compression;

namespace Shadowcat.Sessions.Inspector;

/// <summary>A file of the page, as it is sent.</summary>
internal sealed class Asset
{
    /// <summary>The coding that every browser takes.</summary>
    public const string Brotli = "br";

    private const string Gzip = "gzip";

    /// <summary>A step below the best, which takes ten times as long for a few percent.</summary>
    private const int BrotliQuality = 9;
    private const int BrotliWindow = 22;

    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;

    public Asset(string name, byte[] content)
    {
        Content = content;
        ContentType = Path.GetExtension(name) switch
        {
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".html" => "text/html; charset=utf-8",
            ".txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        _brotli = new(() => CompressByBrotli(content));
        _gzip = new(() => CompressByGzip(content));
    }

    public byte[] Content { get; }

    public string ContentType { get; }

    /// <summary>The content in the coding that a client accepts, and the name of that.</summary>
    /// <param name="accepted">What the client says it accepts.</param>
    public (byte[] Body, string? Coding) For(string accepted) =>
        accepted.Contains(Brotli, StringComparison.OrdinalIgnoreCase) ? (_brotli.Value, Brotli)
        : accepted.Contains(Gzip, StringComparison.OrdinalIgnoreCase) ? (_gzip.Value, Gzip)
        : (Content, null);

    private static byte[] CompressByBrotli(byte[] content)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, compressed, out var length, BrotliQuality, BrotliWindow)
            ? compressed[..length]
            : throw new InvalidOperationException("An asset could not be compressed.");
    }

    private static byte[] CompressByGzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }
}
