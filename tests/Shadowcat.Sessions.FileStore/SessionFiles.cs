using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions.FileStore;

/// <summary>A folder with one JSON file for each id. A file is replaced as a whole, so that there is the old one or the new one.</summary>
internal sealed class SessionFiles(string folder)
{
    private const string Extension = ".json";

    private readonly string _folder = Directory.CreateDirectory(folder).FullName;

    /// <summary>Reads every file.</summary>
    public IEnumerable<StoredFile> ReadAll() => Directory.EnumerateFiles(_folder, "*" + Extension).Select(Read);

    /// <summary>Reads the file of an id; an empty one where there is none.</summary>
    public StoredFile Read(SessionId id) => File.Exists(PathOf(id)) ? Read(PathOf(id)) : new StoredFile();

    public void Write(SessionId id, StoredFile file)
    {
        var written = PathOf(id) + ".new";
        File.WriteAllBytes(written, JsonSerializer.SerializeToUtf8Bytes(file));
        File.Move(written, PathOf(id), overwrite: true);
    }

    public void Delete(SessionId id) => File.Delete(PathOf(id));

    private static StoredFile Read(string path) => JsonSerializer.Deserialize<StoredFile>(File.ReadAllBytes(path))!;

    /// <summary>A hash: an id may be longer than a file's name, and differ from another in case only.</summary>
    private string PathOf(SessionId id) => Path.Combine(_folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id.Value))) + Extension);
}
