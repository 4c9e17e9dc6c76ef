namespace Shadowcat.Sessions;

/// <summary>A limit is reached: of the session, of the store, of the server's memory, or of the disk. Nothing was written; reading still works.</summary>
public sealed class SessionLimitExceededException : SessionStoreException
{
    /// <summary>The <see cref="Limit"/> of a server whose memory is full.</summary>
    public const string ServerMemory = "maxmemory";

    /// <summary>The <see cref="Limit"/> of a store whose disk is full, or whose file may not grow any more.</summary>
    public const string Disk = "disk";

    /// <summary>Reports a limit.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session it was about, where there is one.</param>
    /// <param name="limit">The limit: the name of the option, or of the server's setting.</param>
    /// <param name="message">What is full.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public SessionLimitExceededException(string operation, SessionId? sessionId, string limit, string message, Exception? innerException = null)
        : base(operation, sessionId, message, innerException)
    {
        Limit = limit;
    }

    /// <summary>The limit: <c>MaxFramesPerSession</c>, <c>MaxFramesBytesPerSession</c>, <c>MaxBufferedFrames</c> or <c>MaxBufferedBytes</c> of the options, the server's <c>maxmemory</c>, or the <c>disk</c>.</summary>
    public string Limit { get; }

    /// <inheritdoc/>
    /// <remarks>True for the memory of a server and for a disk, which others free; false for a bound of the options.</remarks>
    public override bool IsTransient => Limit is ServerMemory or Disk;

    /// <summary>Reports a session that would keep more frames than <see cref="SessionStoreOptions.MaxFramesPerSession"/>.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="options">Where the bound is.</param>
    public static SessionLimitExceededException TooManyFrames(string operation, SessionId sessionId, SessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(operation, sessionId, nameof(options.MaxFramesPerSession), $"the session would keep more than {options.MaxFramesPerSession} frames.");
    }

    /// <summary>Reports a session that would keep more bytes of frames than <see cref="SessionStoreOptions.MaxFramesBytesPerSession"/>.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="options">Where the bound is.</param>
    public static SessionLimitExceededException TooManyFramesBytes(string operation, SessionId sessionId, SessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(operation, sessionId, nameof(options.MaxFramesBytesPerSession), $"the session would keep more than {options.MaxFramesBytesPerSession} bytes of frames.");
    }
}
