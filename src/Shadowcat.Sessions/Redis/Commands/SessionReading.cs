using System.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>A session that is being read by LLEN and HGETALL, in one round trip. The key's own time to live is the deadline, so what is there is alive.</summary>
/// <remarks>
/// The length comes first: a list that still has the name it was read under when the hash is read had that name all the while, and what places in it
/// mean did not change in between. Where it has another name, or the hash counts frames that the length did not see, the session has to be read again.
/// </remarks>
internal readonly struct SessionReading
{
    private readonly SessionId _id;
    private readonly RedisPartition _partition;
    private readonly string _list;
    private readonly long? _noted;
    private readonly Task<long> _frames;
    private readonly Task<RespResult> _fields;

    private SessionReading(SessionId id, RedisPartition partition, string list, long? noted, Task<long> frames, Task<RespResult> fields)
    {
        _noted = noted;
        _id = id;
        _partition = partition;
        _list = list;
        _frames = frames;
        _fields = fields;
    }

    /// <summary>Completes when the answer is there, or it is certain that none comes.</summary>
    public Task Answer => _fields;

    /// <summary>Starts to read a session.</summary>
    /// <param name="database">Where from.</param>
    /// <param name="partition">The session's partition.</param>
    /// <param name="id">The session.</param>
    /// <param name="noted">How many frames an earlier reading's hash had counted, where that was not enough to tell.</param>
    public static SessionReading Start(IDatabase database, RedisPartition partition, SessionId id, long? noted = null)
    {
        var list = partition.Lists.Of(id);
        var frames = database.ListLengthAsync(partition.Frames(id, list));

        // Sent on by itself to where a slot has moved, such a command would find its arguments gone and break the connection.
        var fields = database.ExecuteRespAsync("HGETALL", (RedisKeyOrValue[])[partition.Session(id)], CommandFlags.NoRedirect);
        return new SessionReading(id, partition, list, noted, frames, fields);
    }

    /// <summary>Reads the session, null where there is none; or says that it has to be read again, and how many frames are counted.</summary>
    public async ValueTask<(bool IsRead, Session? Session, long? Noted)> TryReadAsync(string operation)
    {
        // Both are waited for, whatever comes of either: nothing is left unobserved.
        await ((Task)_fields).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)_frames).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var reply = await _fields.ConfigureAwait(false);
        var frames = await _frames.ConfigureAwait(false);
        return TryRead(operation, new SessionFields(reply), frames);
    }

    /// <summary>Reads the session, as often as it takes.</summary>
    public async ValueTask<Session?> ReadAsync(IDatabase database, string operation)
    {
        var reading = this;
        while (true)
        {
            var (isRead, session, noted) = await reading.TryReadAsync(operation).ConfigureAwait(false);
            if (isRead)
            {
                return session;
            }

            reading = Start(database, _partition, _id, noted);
        }
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Forget()
    {
        _ = RedisCommand.ForgetAsync(_frames);
        _ = RedisCommand.ForgetAsync(_fields);
    }

    /// <summary>Nobody waits for any of these answers any more.</summary>
    public static void Forget(ReadOnlySpan<SessionReading> readings)
    {
        foreach (var reading in readings)
        {
            reading.Forget();
        }
    }

    private (bool IsRead, Session? Session, long? Noted) TryRead(string operation, SessionFields fields, long frames)
    {
        var noted = _noted;
        var list = fields[SessionField.List];
        if (fields.Has(SessionField.List) && !Ascii.Equals(list, _list))
        {
            _partition.Lists.Note(_id, Encoding.ASCII.GetString(list));
            return (false, null, noted);
        }

        return fields.TryNumber(SessionField.First) is { } first && fields.TryNumber(SessionField.Frames) is { } counted
            && !FrameList.IsSettled(first + frames, counted, ref noted)
            ? (false, null, noted)
            : (true, SessionHash.Read(operation, _id, fields, frames), noted);
    }
}
