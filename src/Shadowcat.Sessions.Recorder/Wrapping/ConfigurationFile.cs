namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>The file of a configuration: read as it is, and replaced as a whole or not at all.</summary>
internal sealed class ConfigurationFile
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>The file itself, where its path leads by links.</summary>
    private readonly string _target;
    private readonly byte[] _bytes;

    private ConfigurationFile(string path, string target, byte[] bytes) => (Path, _target, _bytes) = (path, target, bytes);

    /// <summary>Where the client finds it.</summary>
    public string Path { get; }

    /// <summary>Where it is kept as it was before it was last replaced.</summary>
    public string Backup => $"{_target}.shadowcat-backup";

    /// <summary>What it says, without a byte order mark.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan(MarkLength);

    private int MarkLength => _bytes.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;

    /// <exception cref="ClientConfigurationException">There is no such file.</exception>
    public static ConfigurationFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ClientConfigurationException($"there is no file {path}");
        }

        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return new ConfigurationFile(path, target, File.ReadAllBytes(target));
    }

    /// <summary>Puts another text in the place of this one, and keeps this one beside it. Whoever reads the file meanwhile sees the one or the other.</summary>
    /// <exception cref="ClientConfigurationException">The file has changed since it was read.</exception>
    public void Replace(ReadOnlySpan<byte> text)
    {
        if (!File.ReadAllBytes(_target).AsSpan().SequenceEqual(_bytes))
        {
            throw new ClientConfigurationException($"{Path} has changed meanwhile; it is left as it is");
        }

        Write(Backup, _bytes);
        Write(_target, [.. _bytes.AsSpan(0, MarkLength), .. text]);
    }

    /// <summary>Writes a file beside the target, with the rights of the target, which may hold keys, and moves it to its place.</summary>
    private void Write(string path, byte[] bytes)
    {
        var temporary = $"{_target}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(_target));
            }

            if (File.Exists(path))
            {
                // On Windows this keeps the rights of the file, too.
                File.Replace(temporary, path, destinationBackupFileName: null);
            }
            else
            {
                File.Move(temporary, path);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
