using System.Net;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>When a circuit opens and closes, with faults and probes that are made up.</summary>
public sealed class CircuitTests : IDisposable
{
    private const int Threshold = 3;

    private readonly FakeTimeProvider _time = new();
    private readonly CollectingLogger _logger = new();
    private readonly RedisSessionStoreOptions _options = new() { BreakerFailures = Threshold };
    private readonly RedisCircuits _circuits;
    private Func<Task<EndPoint?>> _answer = () => Task.FromException<EndPoint?>(Unreachable());
    private int _asked;

    public CircuitTests() => _circuits = new RedisCircuits(
        _options,
        _ =>
        {
            Interlocked.Increment(ref _asked);
            return _answer();
        },
        _logger.For<RedisSessionStore>(),
        RedisMetrics.Of(null),
        _time);

    private RedisCircuit Circuit => _circuits.OfAll()!;

    /// <summary>The faults that are not an outage's doing.</summary>
    public static TheoryData<string> Answers =>
    [
        "WRONGTYPE Operation against a key holding the wrong kind of value",
        "OOM command not allowed when used memory > 'maxmemory'.",
        "NOPERM this user has no permissions to run the 'evalsha' command",
        "NOAUTH Authentication required.",
        "WRONGPASS invalid username-password pair or user is disabled.",
        "READONLY You can't write against a read only replica.",
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
        "NOREPLICAS Not enough good replicas to write.",
        "MOVED 3999 127.0.0.1:6381",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "ERR something nobody foresaw",
    ];

    public static TheoryData<string> Refusals =>
    [
        "LOADING Redis is loading the dataset in memory",
        "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "Key has MOVED but CommandFlags.NoRedirect was specified - redirect not followed. ", // what the client library makes of MOVED, try after try
        "BUSY Redis is busy running a script.",
    ];

    [Fact]
    public void Failed_AsOftenAsTheThreshold_Opens()
    {
        Fail(Threshold - 1);
        Assert.False(Circuit.IsOpen);
        Assert.Null(_circuits.Outage);

        Fail(1);

        Assert.True(Circuit.IsOpen);
        Assert.Equal(new SessionStoreOutage(_time.GetUtcNow(), Threshold, isPartial: false), _circuits.Outage);
        var refusal = Circuit.Refuse(Operations.AddFrame, new SessionId("a"));
        Assert.False(refusal.OutcomeUnknown);
        Assert.Equal((Operations.AddFrame, new SessionId("a")), (refusal.Operation, refusal.SessionId));
        Assert.Contains("the circuit is open", refusal.Message, StringComparison.Ordinal);
        Assert.IsType<RedisConnectionException>(refusal.InnerException);
        Assert.Equal(Threshold + 1, _circuits.Outage!.FailedCalls);
    }

    [Fact]
    public void Failed_WithAnAnswerInBetween_StartsCountingAnew()
    {
        for (var i = 0; i < 10; i++)
        {
            Fail(Threshold - 1);
            Circuit.Answered();
        }

        Assert.False(Circuit.IsOpen);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Failed_ByAnAnswer_NeverOpensAndCountsAsOne(string message)
    {
        for (var i = 0; i < 10; i++)
        {
            Fail(Threshold - 1);
            Circuit.Failed(Server(message));
        }

        Assert.False(Circuit.IsOpen);
    }

    [Fact]
    public void Failed_ByCredentials_NeverOpens()
    {
        for (var i = 0; i < 10 * Threshold; i++)
        {
            Circuit.Failed(new RedisConnectionException(
                ConnectionFailureType.UnableToConnect,
                CommandFlags.None,
                "",
                new RedisConnectionException(ConnectionFailureType.AuthenticationFailure, CommandFlags.None, "", null, CommandStatus.WaitingToBeSent),
                CommandStatus.WaitingToBeSent));
        }

        Assert.False(Circuit.IsOpen);
    }

    [Fact]
    public void Failed_ByTheCallerOrADisposedStore_NeverOpens()
    {
        for (var i = 0; i < 10 * Threshold; i++)
        {
            Circuit.Failed(new OperationCanceledException());
            Circuit.Failed(new ObjectDisposedException("store"));
            Circuit.Failed(new RedisCommandException("not available"));
        }

        Assert.False(Circuit.IsOpen);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Failed_ByAServerThatServesNothing_Opens(string message)
    {
        for (var i = 0; i < Threshold; i++)
        {
            Circuit.Failed(Server(message));
        }

        Assert.True(Circuit.IsOpen);
    }

    [Fact]
    public void Failed_BreakerOff_NeverOpens()
    {
        using var circuits = new RedisCircuits(
            new RedisSessionStoreOptions { BreakerEnabled = false, BreakerFailures = 1 }, _ => _answer(), _logger.For<RedisSessionStore>(), RedisMetrics.Of(null), _time);

        for (var i = 0; i < 1000; i++)
        {
            circuits.OfAll()!.Failed(new TimeoutException());
        }

        Assert.False(circuits.OfAll()!.IsOpen);
        Assert.Empty(Events());
    }

    [Fact]
    public void Answered_WhileOpen_Closes()
    {
        Fail(Threshold);

        Circuit.Answered();

        Assert.False(Circuit.IsOpen);
        Assert.Null(_circuits.Outage);
        Fail(Threshold - 1);
        Assert.False(Circuit.IsOpen);
    }

    [Fact]
    public async Task Outage_UntilTheProbeIsAnswered_IsLoggedOnceAtItsBeginningAndOnceAtItsEnd()
    {
        Fail(100);
        await ElapseAsync(rounds: 5);
        Assert.True(Circuit.IsOpen);
        Assert.Equal([20], Events());

        _answer = () => Task.FromResult<EndPoint?>(null);
        await Poll.UntilAsync(
            async () =>
            {
                await ElapseAsync(rounds: 1);
                return !Circuit.IsOpen;
            },
            "the probe was answered");

        Assert.Equal([20, 21], Events());
        Assert.Equal(0, _circuits.OpenCount);
        var end = _logger.Entries.Last().Text;
        Assert.Contains("FailedCalls=100", end, StringComparison.Ordinal);
        Assert.Matches(@"Seconds=1(\.\d+)?\b", end);
    }

    [Theory]
    [InlineData("NOPERM this user has no permissions to run the 'exists' command")]
    [InlineData("READONLY You can't write against a read only replica.")]
    public async Task Probe_AnsweredByAnError_Closes(string message)
    {
        _answer = () => Task.FromException<EndPoint?>(Server(message));

        Fail(Threshold);

        await Poll.UntilAsync(() => Task.FromResult(!Circuit.IsOpen), "the error was taken for an answer");
    }

    [Fact]
    public async Task Probe_Unanswered_IsWaitedForAndClosesWhenItIs()
    {
        var answer = new TaskCompletionSource<EndPoint?>();
        _answer = () => answer.Task;
        Fail(Threshold);
        _time.Advance(_options.OperationTimeout / 2);
        Assert.Equal(1, _asked);
        Assert.True(Circuit.IsOpen);

        answer.SetResult(null);

        await Poll.UntilAsync(() => Task.FromResult(!Circuit.IsOpen), "the late answer was taken for one");
    }

    [Fact]
    public async Task Dispose_WhileOpen_EndsTheProbes()
    {
        Fail(Threshold);
        await ElapseAsync(rounds: 1);

        _circuits.Dispose();
        var asked = _asked;
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(asked, _asked);
    }

    public void Dispose()
    {
        _circuits.Dispose();
        _logger.Dispose();
    }

    private static RedisConnectionException Unreachable() =>
        new(ConnectionFailureType.UnableToConnect, CommandFlags.None, "", null, CommandStatus.WaitingToBeSent);

#pragma warning disable CS0618 // The other constructors take what only the client library knows.
    private static RedisServerException Server(string message) => new(message);
#pragma warning restore CS0618

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Circuit.Failed(Unreachable());
        }
    }

    private int[] Events() => [.. _logger.Entries.Select(entry => entry.Id.Id)];

    /// <summary>Lets so many probes be sent.</summary>
    private async Task ElapseAsync(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var asked = Volatile.Read(ref _asked);
            await Poll.UntilAsync(
                () =>
                {
                    // The loop may not have come to its pause yet.
                    _time.Advance(Volatile.Read(ref _asked) == asked && Circuit.IsOpen ? _options.BreakerProbeInterval : TimeSpan.Zero);
                    return Task.FromResult(Volatile.Read(ref _asked) > asked || !Circuit.IsOpen);
                },
                "a probe was sent");
        }
    }
}
