using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions.FileStore;

/// <summary>A folder with a JSON file for each id, which says what is there, and one for the frames of its session, a line each.</summary>
/// <remarks>
/// The first is replaced as a whole, after the frames were written: what it does not count was never appended. It is read once, when the folder is
/// opened: nobody else writes there, so what it says since then is also in memory.
/// </remarks>
internal sealed class SessionFiles
{
    private const string Extension = ".json";

    private readonly string _folder;
    private readonly Dictionary<SessionId, StoredFile> _files;

    public SessionFiles(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _files = Directory.EnumerateFiles(_folder, "*" + Extension).Select(static path => Parse(File.ReadAllBytes(path))).ToDictionary(static file => file.Id);
    }

    /// <summary>What there is of every id.</summary>
    public IEnumerable<StoredFile> ReadAll() => _files.Values.Select(static file => file.Copy());

    /// <summary>What there is of an id; nothing where there is no file.</summary>
    public StoredFile Read(SessionId id) => _files.TryGetValue(id, out var file) ? file.Copy() : new StoredFile { Id = id };

    public void Write(StoredFile file)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(file, StoredJson.Default.StoredFile);
        var written = PathOf(file.Id) + ".new";
        File.WriteAllBytes(written, json);
        File.Move(written, PathOf(file.Id) + Extension, overwrite: true);

        // Nothing of it is the caller's, who may change it.
        _files[file.Id] = Parse(json);
    }

    /// <summary>The frames of a session, from a place on.</summary>
    public IEnumerable<StoredFrame> ReadFrames(StoredFile file, long skip = 0, long take = int.MaxValue)
    {
        var count = file.Session!.FrameCount - file.Session.FirstSequence;
        return skip >= count ? [] : File.ReadLines(FramesOf(file)).Skip((int)skip).Take((int)Math.Min(take, count - skip)).Select(static line => JsonSerializer.Deserialize(line, StoredJson.Default.StoredFrame)!);
    }

    /// <summary>Appends frames, which count once the file is written.</summary>
    public void AppendFrames(StoredFile file, IEnumerable<StoredFrame> frames)
    {
        using var stream = new FileStream(FramesOf(file), FileMode.OpenOrCreate, FileAccess.Write);
        stream.SetLength(file.FramesLength);
        stream.Seek(0, SeekOrigin.End);
        foreach (var frame in frames)
        {
            JsonSerializer.Serialize(stream, frame, StoredJson.Default.StoredFrame);
            stream.WriteByte((byte)'\n');
        }

        file.FramesLength = stream.Length;
    }

    /// <summary>Writes the frames that are left into another file, which counts once the file of the session is written.</summary>
    public void ReplaceFrames(StoredFile file, IEnumerable<StoredFrame> left)
    {
        var frames = left.ToList();
        file.FramesFile++;
        file.FramesLength = 0;
        AppendFrames(file, frames);
    }

    /// <summary>Deletes frames that do not count any more.</summary>
    public void DeleteFrames(SessionId id, int framesFile) => File.Delete($"{PathOf(id)}.{framesFile}.frames");

    private static StoredFile Parse(byte[] json) => JsonSerializer.Deserialize(json, StoredJson.Default.StoredFile)!;

    private string FramesOf(StoredFile file) => $"{PathOf(file.Id)}.{file.FramesFile}.frames";

    /// <summary>A hash: an id may be longer than a file's name, and differ from another in case only.</summary>
    private string PathOf(SessionId id) => Path.Combine(_folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id.Value))));
}
