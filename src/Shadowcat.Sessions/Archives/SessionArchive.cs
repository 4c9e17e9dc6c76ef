namespace Shadowcat.Sessions;

/// <summary>Writes sessions with their frames as lines of JSON, and reads them into any store: for backups, migrations, and files to look into and to pass on.</summary>
/// <remarks>
/// <para>An archive is text: a <c>meta</c> line for a session, then a line for each frame with <c>session_id</c>, <c>seq</c>, <c>ts</c>, <c>direction</c>
/// (<c>c2s</c>, <c>s2c</c>), <c>transport_type</c> and <c>raw</c>, then an <c>end</c> line. Each line has a check over itself and the lines before it. The same session
/// always gives the same bytes, whichever store it is in.</para>
/// <para><b>Kept:</b> everything the application owns of a session and of its frames, the payload byte by byte, and the sequences. <b>Not kept</b> is what
/// belongs to a store: <see cref="Session.Version"/>, <see cref="Session.Generation"/>, <see cref="Session.LastActivity"/> and <see cref="Session.ExpiresAt"/>. An
/// imported session begins to live when it is imported, by the clock and within the limits of its store. <see cref="SessionImportOptions"/> say whether it keeps its owner, transport id, attributes and lifetimes.</para>
/// <para>Everything is streamed, whatever the size, in some megabytes of memory: frames go in batches of at most 256 frames or 1 MiB, and of at least one frame.</para>
/// </remarks>
public static class SessionArchive
{
    /// <summary>Opens a file to export into. A new file is readable by its user only (mode 0600 on Unix), since it contains what was said. An existing one keeps its rights, and the export continues it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The file, at its beginning. The caller closes it.</returns>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not open the file.</exception>
    public static FileStream OpenFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>Writes a session and its frames.</summary>
    /// <param name="store">Where the session is.</param>
    /// <param name="id">The session.</param>
    /// <param name="destination">The stream to write to; it is not closed. Where it can seek and holds the beginning of this very export, as an interrupted export leaves it, the export continues there; a complete one stays as it is.</param>
    /// <param name="progress">Gets a report after every 1000 frames, and at the end; null, the default, for none.</param>
    /// <param name="cancellationToken">Stops; what was written can be continued.</param>
    /// <returns>What the archive holds.</returns>
    /// <remarks>A session that is being appended to is exported up to the end that the reading reaches; its first line describes it as it was when the export began.</remarks>
    /// <exception cref="SessionNotFoundException">There is no such session, or it ended while it was read.</exception>
    /// <exception cref="FramesTrimmedException">Trimming overtook the reading, or has removed what would have to follow what the destination has.</exception>
    /// <exception cref="SessionSerializationException">The session or a frame cannot be read.</exception>
    /// <exception cref="SessionArchiveException">What the destination has is something else, or is damaged; it is left as it is.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>, or the destination cannot be written, or has something in it and cannot be read.</exception>
    public static async Task<SessionArchiveProgress> ExportSessionAsync(
        this ISessionStore store, SessionId id, Stream destination, IProgress<SessionArchiveProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        InputRules.Id(id);
        RequireWritable(destination);
        using var export = await SessionExport.BeginAsync(store, destination, progress, Operations.ExportSession, cancellationToken).ConfigureAwait(false);
        return await export.RunAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes all sessions that match a filter, with their frames, in the order in which the store lists them.</summary>
    /// <param name="store">Where the sessions are.</param>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="destination">The stream to write to; it is not closed. Where it can seek and holds the beginning of this very export, as an interrupted export leaves it, the export continues there; for that, the ids of the sessions that it holds are kept in memory.</param>
    /// <param name="progress">Gets a report after every session, and after every 1000 frames; null, the default, for none.</param>
    /// <param name="cancellationToken">Stops; what was written can be continued.</param>
    /// <returns>What the archive holds.</returns>
    /// <remarks>A session that is deleted or expires while it is read keeps what was read of it; its last line says that it is not complete.</remarks>
    /// <exception cref="FramesTrimmedException">Trimming overtook the reading, or has removed what would have to follow what the destination has.</exception>
    /// <exception cref="SessionSerializationException">A frame cannot be read.</exception>
    /// <exception cref="SessionArchiveException">What the destination has is something else, or is damaged; it is left as it is.</exception>
    /// <exception cref="ArgumentException">The destination cannot be written, or has something in it and cannot be read.</exception>
    public static async Task<SessionArchiveProgress> ExportSessionsAsync(
        this ISessionStore store,
        SessionFilter? filter,
        Stream destination,
        IProgress<SessionArchiveProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        RequireWritable(destination);
        using var export = await SessionExport.BeginAsync(store, destination, progress, Operations.ExportSessions, cancellationToken).ConfigureAwait(false);
        return await export.RunAsync(filter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an archive of any number of sessions into a store, each frame once.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="source">The archive, from its beginning. The stream is not closed.</param>
    /// <param name="options">What the archive may set, and how large its frames may be; null, the default, for the defaults.</param>
    /// <param name="progress">Gets a report after every batch of frames, and after every session; null, the default, for none.</param>
    /// <param name="cancellationToken">Stops; the same import again goes on where it stopped.</param>
    /// <returns>What the archive holds.</returns>
    /// <remarks>
    /// <para>An import that was interrupted is continued by importing the same archive again: what the store has of a session is compared with the archive and then
    /// continued. Importing what is there already changes nothing. Only one import of a session may run at a time, and nothing else may append to it meanwhile.</para>
    /// <para>An archive sets neither owner nor transport id nor lifetimes unless <paramref name="options"/> say so. A line that is longer than the greatest frame makes it is refused before
    /// it is read as a whole; so an import takes at most three times the memory of the greatest frame, and some megabytes.</para>
    /// <para>Each line is checked before it is stored. Caps of the store on a session's frames count as for any append.</para>
    /// </remarks>
    /// <exception cref="SessionArchiveException">
    /// The archive is damaged, cut off or of another format, or the store has another session of that id, or does not take it or a frame. What came before that line is imported; what
    /// the store had is left as it is.
    /// </exception>
    /// <exception cref="SessionNotFoundException">A session was deleted or expired while it was imported.</exception>
    /// <exception cref="FramesTrimmedException">Trimming overtook the comparison with what the store has.</exception>
    /// <exception cref="SessionSerializationException">What the store has of a session cannot be read.</exception>
    /// <exception cref="SessionLimitExceededException">The store is full, or refuses frames beyond its cap.</exception>
    /// <exception cref="ArgumentException">The source cannot be read, or <see cref="SessionImportOptions.MaxFrameBytes"/> is out of bounds.</exception>
    public static async Task<SessionArchiveProgress> ImportSessionsAsync(
        this ISessionStore store,
        Stream source,
        SessionImportOptions? options = null,
        IProgress<SessionArchiveProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new SessionImportOptions();
        if (options.MaxFrameBytes is < 1 or > ArchiveFormat.MaxFrameBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MaxFrameBytes, $"{nameof(options.MaxFrameBytes)} is between 1 and {ArchiveFormat.MaxFrameBytes} bytes.");
        }

        if (!source.CanRead)
        {
            throw new ArgumentException("The source cannot be read.", nameof(source));
        }

        using var import = new SessionImport(store, source, options, progress);
        return await import.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void RequireWritable(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (!destination.CanWrite)
        {
            throw new ArgumentException("The destination cannot be written.", nameof(destination));
        }
    }
}
