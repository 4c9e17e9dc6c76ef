namespace Shadowcat.Sessions;

/// <summary>Writes the lines of an archive, in the form of <see cref="ArchiveFormat"/>.</summary>
internal sealed class ArchiveWriter(Stream destination) : IDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly ArchiveLineBuffer _lines = new();

    /// <summary>The check of the line written last.</summary>
    public ArchiveCheck Check => _lines.Check;

    /// <summary>How many bytes were handed to the stream.</summary>
    public long Bytes { get; private set; }

    public void WriteArchive()
    {
        _lines.Begin();
        _lines.Text("type", "archive");
        _lines.Number("v", ArchiveFormat.Version);
        _lines.End(isFirst: true);
    }

    public void WriteSession(Session session, long firstSequence)
    {
        _lines.Begin();
        _lines.Text("type", "meta");
        _lines.Number("v", ArchiveFormat.Version);
        _lines.Text("session_id", session.Id.Value);
        _lines.Text("transport_type", JsonNames.Transports[session.TransportType]);
        _lines.Text("status", JsonNames.Statuses[session.Status]);
        _lines.Text("state", JsonNames.States[session.State]);
        _lines.Text("boundary", JsonNames.Boundaries[session.Boundary]);
        _lines.Time("created_at", session.CreatedAt, JsonTime.OfSession);
        _lines.Number("first_seq", firstSequence);
        WriteLifetime("ttl_ms", session.TimeToLive);
        WriteLifetime("max_lifetime_ms", session.MaxLifetime);
        _lines.Json("client_info", session.ClientInfo?.Json);
        _lines.Json("server_info", session.ServerInfo?.Json);
        WriteVersions(session.VersionState);
        if (session.Tags.Count > 0)
        {
            _lines.Texts("tags", session.Tags.Select(tag => tag.Value));
        }

        WriteEntries("attributes", session.Attributes);
        _lines.Text("transport_session_id", session.TransportSessionId);
        _lines.Text("correlation_key", session.CorrelationKey);
        if (session.Owner is { } owner)
        {
            _lines.Texts("owner", [owner.ClaimType, owner.Value, owner.Issuer]);
        }

        _lines.Text("close_reason", session.CloseReason);
        _lines.End(isFirst: true);
    }

    public void WriteFrame(MessageEnvelope frame)
    {
        _lines.Begin();
        _lines.Text("session_id", frame.SessionId.Value);
        _lines.Number("seq", frame.Sequence);
        _lines.Time("ts", frame.Timestamp, JsonTime.OfFrame);
        _lines.Text("direction", JsonNames.Directions[frame.Direction]);
        _lines.Text("transport_type", JsonNames.Transports[frame.TransportType]);
        _lines.Text("kind", JsonNames.Kinds[frame.Kind]);
        _lines.Text("method", frame.Method);
        WriteRequestId(frame.RequestId);
        _lines.Text("exchange_id", frame.ExchangeId);
        _lines.Text("protocol_version", frame.ProtocolVersion);
        if (frame.Flags != MessageFlags.None)
        {
            _lines.Texts("flags", JsonNames.Of(frame.Flags));
        }

        WriteEntries("metadata", frame.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal));
        _lines.Payload("raw", frame.Payload.Span);
        _lines.End(isFirst: false);
    }

    /// <summary>Ends a session.</summary>
    /// <param name="id">The session.</param>
    /// <param name="frames">How many frames were written.</param>
    /// <param name="isComplete">False where the session ended while it was read.</param>
    public void WriteSessionEnd(SessionId id, long frames, bool isComplete)
    {
        _lines.Begin();
        _lines.Text("type", "end");
        _lines.Text("session_id", id.Value);
        _lines.Number("frames", frames);
        _lines.Flag("complete", isComplete);
        _lines.End(isFirst: false);
    }

    public void WriteArchiveEnd(long sessions, long frames)
    {
        _lines.Begin();
        _lines.Text("type", "archive_end");
        _lines.Number("sessions", sessions);
        _lines.Number("frames", frames);
        _lines.End(isFirst: false);
    }

    /// <summary>Hands over what was written, where it is enough to be worth it.</summary>
    public ValueTask FlushFullAsync(CancellationToken cancellationToken) =>
        _lines.Written.Length >= FlushBytes ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Hands over what was written.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await destination.WriteAsync(_lines.Written, cancellationToken).ConfigureAwait(false);
        Bytes += _lines.Written.Length;
        _lines.Clear();
    }

    public void Dispose() => _lines.Dispose();

    private void WriteLifetime(string name, TimeSpan? lifetime)
    {
        if (lifetime is { } value)
        {
            _lines.Number(name, (long)value.TotalMilliseconds);
        }
    }

    private void WriteVersions(VersionState? versions)
    {
        if (versions is null)
        {
            return;
        }

        _lines.Name("version_state");
        _lines.Begin();
        _lines.Text("requested", versions.Requested);
        _lines.Text("negotiated", versions.Negotiated);
        _lines.Text("transport_header", versions.TransportHeader);
        _lines.Name("attempts");
        var separator = "[";
        foreach (var attempt in versions.Attempts)
        {
            _lines.Literal(separator);
            _lines.Texts(attempt.Answered is { } answered ? [attempt.Requested, answered] : [attempt.Requested]);
            separator = ",";
        }

        _lines.Literal(separator is "[" ? "[]}" : "]}");
    }

    private void WriteRequestId(RequestId? requestId)
    {
        if (requestId is not { } id)
        {
            return;
        }

        _lines.Name("id");
        if (id.IsNumber)
        {
            _lines.Literal(id.Value);
        }
        else
        {
            _lines.Quote(id.Value);
        }
    }

    /// <summary>Writes texts by their keys, in the order in which they come.</summary>
    private void WriteEntries(string name, IEnumerable<KeyValuePair<string, string>> entries)
    {
        if (!entries.Any())
        {
            return;
        }

        _lines.Name(name);
        _lines.Begin();
        foreach (var (key, value) in entries)
        {
            _lines.Text(key, value);
        }

        _lines.Literal("}");
    }
}
