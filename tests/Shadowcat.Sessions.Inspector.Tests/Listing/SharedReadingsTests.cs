namespace Shadowcat.Sessions.Inspector.Tests.Listing;

/// <summary>Readings that serve all who ask the same.</summary>
public sealed class SharedReadingsTests : IDisposable
{
    private readonly SharedReadings<string, int> _readings = new();
    private readonly List<TaskCompletionSource<int>> _begun = [];
    private readonly SemaphoreSlim _beginning = new(0);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _beginning.Dispose();

    [Fact]
    public async Task Read_WhileOneIsUnderWay_SharesTheOneBehindIt()
    {
        var first = ReadAsync("all");
        await _beginning.WaitAsync(Ct);
        var (second, third) = (ReadAsync("all"), ReadAsync("all"));
        _begun[0].SetResult(1);
        await _beginning.WaitAsync(Ct);
        _begun[1].SetResult(2);

        Assert.Equal((1, 2, 2), (await first, await second, await third));
        Assert.Equal(2, _begun.Count);
    }

    [Fact]
    public async Task Read_SomethingElse_DoesNotWait()
    {
        var one = ReadAsync("one");
        var other = ReadAsync("other");
        await _beginning.WaitAsync(Ct);
        await _beginning.WaitAsync(Ct);
        _begun.ForEach(static reading => reading.SetResult(1));

        Assert.Equal((1, 1), (await one, await other));
    }

    [Fact]
    public async Task Read_BehindOneThatFailed_IsReadAnew()
    {
        var failing = ReadAsync("all");
        await _beginning.WaitAsync(Ct);
        var next = ReadAsync("all");
        _begun[0].SetException(new InvalidOperationException("away"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        await _beginning.WaitAsync(Ct);
        _begun[1].SetResult(2);

        Assert.Equal(2, await next);
        var last = ReadAsync("all");
        await _beginning.WaitAsync(Ct);
        _begun[2].SetResult(3);
        Assert.Equal(3, await last);
    }

    private Task<int> ReadAsync(string key) => _readings.ReadAsync(key, () =>
    {
        var reading = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_begun)
        {
            _begun.Add(reading);
        }

        _beginning.Release();
        return reading.Task;
    });
}
