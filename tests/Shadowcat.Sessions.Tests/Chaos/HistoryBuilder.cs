using Shadowcat.Sessions.Chaos.Histories;

namespace Shadowcat.Sessions.Tests.Chaos;

/// <summary>Writes histories down: times are in milliseconds, and each operation says when it began and was answered.</summary>
internal sealed class HistoryBuilder
{
    private readonly List<HistoryOperation> _operations = [];

    public static TimeSpan At(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public HistoryVerdict Check(int? maxFrames = null, bool refuses = false, ServerTime? time = null) =>
        LinearizabilityChecker.Check(new SessionModel(time ?? new ServerTime(), maxFrames, refuses), _operations, TimeSpan.FromSeconds(30)).Verdict;

    public List<HistoryOperation> Reduced() => new HistoryReduction(new SessionModel(new ServerTime()), TimeSpan.FromSeconds(30)).Reduce(_operations);

    public IReadOnlyList<HistoryOperation> Operations => _operations;

    public HistoryBuilder Add(HistoryCall call, double begun, double ended, Func<HistoryOperation, HistoryOperation>? with = null, int client = 0)
    {
        var operation = new HistoryOperation { Client = client, Store = $"s{client}", Call = call, Begun = At(begun), Ended = At(ended), Reply = HistoryReply.Done };
        _operations.Add(with is null ? operation : with(operation));
        return this;
    }

    public HistoryBuilder Create(int life, double begun, double ended, HistoryReply reply = HistoryReply.Done, double? timeToLive = null, double? maxLifetime = null) =>
        Add(HistoryCall.Create, begun, ended, operation => operation with
        {
            Generation = life,
            Reply = reply,
            TimeToLive = timeToLive is { } lifetime ? At(lifetime) : null,
            MaxLifetime = maxLifetime is { } most ? At(most) : null,
        });

    public HistoryBuilder Append(int frame, double begun, double ended, long sequence, int client = 0, int life = 0, int turn = 0) =>
        Append([frame], begun, ended, sequence, client, life, turn);

    public HistoryBuilder Append(int[] frames, double begun, double ended, long sequence, int client = 0, int life = 0, int turn = 0) =>
        Add(HistoryCall.Append, begun, ended, operation => operation with { Frames = frames, Number = sequence, Generation = life, Turn = turn }, client);

    public HistoryBuilder AppendAs(int frame, double begun, double ended, HistoryReply reply, int life = 0, int client = 0) =>
        Add(HistoryCall.Append, begun, ended, operation => operation with { Frames = [frame], Reply = reply, Generation = life }, client);

    public HistoryBuilder Read(double begun, double ended, long first, params int[] frames) =>
        Add(HistoryCall.Read, begun, ended, operation => operation with { Number = first, Frames = frames });

    public HistoryBuilder Follow(double begun, double ended, long first, params int[] frames) =>
        Add(HistoryCall.Follow, begun, ended, operation => operation with { Number = first, Frames = frames });

    public HistoryBuilder Get(double begun, double ended, SessionView? seen) =>
        Add(HistoryCall.Get, begun, ended, operation => operation with { Seen = seen, Reply = seen is null ? HistoryReply.Absent : HistoryReply.Done });

    public HistoryBuilder Update(int life, long version, int value, double begun, double ended, HistoryReply reply = HistoryReply.Done, SessionView? seen = null) =>
        Add(HistoryCall.Update, begun, ended, operation => operation with { Generation = life, Version = version, Value = value, Reply = reply, Seen = seen });

    public HistoryBuilder Delete(double begun, double ended, HistoryReply reply = HistoryReply.Done) =>
        Add(HistoryCall.Delete, begun, ended, operation => operation with { Reply = reply });

    public HistoryBuilder Touch(double begun, double ended, HistoryReply reply = HistoryReply.Done) =>
        Add(HistoryCall.Touch, begun, ended, operation => operation with { Reply = reply });

    public HistoryBuilder Count(double begun, double ended, long count) => Add(HistoryCall.Count, begun, ended, operation => operation with { Number = count });

    public HistoryBuilder DeleteFrames(double begun, double ended, long before, long deleted, HistoryReply reply = HistoryReply.Done) =>
        Add(HistoryCall.DeleteFrames, begun, ended, operation => operation with { From = before, Number = deleted, Reply = reply });

    public HistoryBuilder Save(double begun, double ended) => Add(HistoryCall.Save, begun, ended);

    public HistoryBuilder Restore(double begun, double ended) => Add(HistoryCall.Restore, begun, ended);
}
