using System.Threading.Channels;

namespace Shadowcat.Sessions.Tests.Redis.Sending;

/// <summary>A server whose scripts are answered when the test says so.</summary>
internal sealed class ScriptedServer
{
    private readonly Channel<Script> _scripts = Channel.CreateUnbounded<Script>();

    /// <summary>Whether nothing was sent that the test has not seen.</summary>
    public bool IsIdle => _scripts.Reader.Count == 0;

    public Task<string[]> AskAsync(int[] calls)
    {
        var script = new Script(calls);
        Assert.True(_scripts.Writer.TryWrite(script));
        return script.Answers;
    }

    /// <summary>The next script, which was sent already.</summary>
    public Script Next() => _scripts.Reader.TryRead(out var script) ? script : throw new InvalidOperationException("Nothing was sent.");

    /// <summary>The next script.</summary>
    public ValueTask<Script> NextAsync(CancellationToken cancellationToken) => _scripts.Reader.ReadAsync(cancellationToken);

    /// <summary>What was sent together.</summary>
    public sealed class Script(int[] calls)
    {
        private readonly TaskCompletionSource<string[]> _answers = new();

        public int[] Calls => calls;

        public Task<string[]> Answers => _answers.Task;

        /// <summary>Answers each call.</summary>
        public void Reply() => Reply(Array.ConvertAll(calls, static call => $"answer {call}"));

        public void Reply(string[] answers) => _answers.SetResult(answers);

        public void Break(Exception exception) => _answers.SetException(exception);
    }
}
