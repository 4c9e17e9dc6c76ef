using System.Text;

namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>Archives that went through an editor: what that added is no damage, and what it took away is.</summary>
public sealed class EditedArchiveTests
{
    private readonly InMemorySessionStore _source = new();
    private readonly InMemorySessionStore _target = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Import_WithAMarkOrOtherLineBreaks_GivesTheSameBytes(bool hasMark, bool hasCarriageReturns)
    {
        var session = await Archived.RecordedAsync(_source, frames: 20);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var text = Encoding.UTF8.GetString(archive);
        var edited = Encoding.UTF8.GetBytes((hasMark ? "\uFEFF" : "") + (hasCarriageReturns ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text));

        using var slow = new OneByteAtATime(edited);
        await _target.ImportSessionsAsync(slow, Archived.All, cancellationToken: Ct);

        Assert.Equal(archive, await Archived.ExportAsync(_target, session.Id));
    }

    [Fact]
    public async Task Import_MarkInTheMiddle_IsDamage()
    {
        var session = await Archived.RecordedAsync(_source, frames: 4);
        var text = Encoding.UTF8.GetString(await Archived.ExportAsync(_source, session.Id));
        using var edited = new MemoryStream(Encoding.UTF8.GetBytes(text.Replace("\n", "\n\uFEFF", StringComparison.Ordinal)));

        var fault = await Assert.ThrowsAsync<SessionArchiveException>(() => _target.ImportSessionsAsync(edited, cancellationToken: Ct));

        Assert.Equal(2, fault.Line);
    }

    /// <summary>A stream that gives what it has in the smallest pieces.</summary>
    private sealed class OneByteAtATime(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
