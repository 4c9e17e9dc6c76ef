namespace Shadowcat.Sessions.Recorder.Exporting;

/// <summary>The file that an export goes to.</summary>
internal static class ExportFile
{
    /// <summary>Writes the file. One that is made is readable by its user only, since it contains what was said; one that exists keeps its rights.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The format: that which is continued takes a file that exists, every other one refuses it.</param>
    /// <param name="replaces">Whether a file that exists is written anew, whatever the format.</param>
    /// <param name="write">Writes to the stream, and says what it wrote.</param>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    public static async Task<string> WriteAsync(string path, IExportFormat format, bool replaces, Func<Stream, Task<string>> write)
    {
        if (format.IsContinued || (replaces && File.Exists(path)))
        {
            await using var existing = SessionArchive.OpenFile(path);
            existing.SetLength(replaces ? 0 : existing.Length);
            return await write(existing);
        }

        if (File.Exists(path))
        {
            throw new IOException($"{path} exists and would be overwritten: name another file, or give --force.");
        }

        await using var made = new FileStream(path, Made());
        try
        {
            return await write(made);
        }
        catch
        {
            // Half of a page looks like a whole one, and would be refused as a file that exists.
            await made.DisposeAsync();
            File.Delete(path);
            throw;
        }
    }

    private static FileStreamOptions Made()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
