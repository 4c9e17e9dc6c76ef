namespace Shadowcat.Sessions.Chaos.Schedules.Holding;

/// <summary>A command with the type of its reply.</summary>
/// <param name="name">What it is, to a reader.</param>
/// <param name="isRead">Whether it only reads.</param>
/// <param name="send">Sends it on to the server, with the bytes that it had when it was sent.</param>
internal sealed class HeldCommand<T>(string name, bool isRead, Func<Task> send) : HeldCommand(name, isRead)
{
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the store waits for.</summary>
    public Task<T> Reply => _reply.Task;

    public override async Task AnswerAsync()
    {
        try
        {
            _reply.SetResult(await (Task<T>)send());
        }
#pragma warning disable CA1031 // It is the server's answer: the store gets it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _reply.SetException(exception);
        }
    }

    public override void Break() => _reply.SetException(Broken);

    public override async Task ArriveLateAsync()
    {
        try
        {
            (await (Task<T>)send() as IDisposable)?.Dispose();
        }
        catch (StackExchange.Redis.RedisServerException)
        {
            // The server refused it: that is an answer too, which nobody receives.
        }
    }
}
