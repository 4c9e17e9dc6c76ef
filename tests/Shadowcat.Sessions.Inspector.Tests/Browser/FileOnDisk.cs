namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>A file that is deleted with the test that made it.</summary>
internal sealed class FileOnDisk(string path) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        File.Delete(path);
        return default;
    }
}
