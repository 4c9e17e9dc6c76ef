using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Our side: one store appends, another follows.</summary>
internal sealed class FollowOperation : WakeUp
{
    private const int LongestPause = 40;

    private readonly ISessionStore _writer;
    private readonly SessionId _id;
    private readonly IAsyncEnumerator<MessageEnvelope> _frames;
    private int _written;

    private FollowOperation(ISessionStore writer, SessionId id, IAsyncEnumerator<MessageEnvelope> frames)
        : base(LongestPause) => (_writer, _id, _frames) = (writer, id, frames);

    public static async Task<FollowOperation> CreateAsync(ISessionStore follower, ISessionStore writer)
    {
        var ids = await SampleSessions.CreateAsync(writer, 1);
        return new FollowOperation(writer, ids[0], follower.FollowFramesAsync(ids[0]).GetAsyncEnumerator());
    }

    public override async ValueTask DisposeAsync()
    {
        await _frames.DisposeAsync();
        await SampleSessions.DeleteAsync(_writer, [_id]);
    }

    protected override async Task WriteAsync() => await _writer.AddFrameAsync(Messages.Envelope(_id, _written++));

    protected override async Task ReadAsync() => await _frames.MoveNextAsync();
}
