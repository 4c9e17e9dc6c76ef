using System.Text;
using CsCheck;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>An archive that something happened to is refused, or imported as what it was; never as something else.</summary>
public sealed class ArchiveFuzzTests
{
    [Fact]
    public async Task Archive_Mutated_IsRefusedOrTheSame()
    {
        var origin = new InMemorySessionStore();
        var session = await Archived.RecordedAsync(origin, frames: 6);
        var good = await Archived.ExportAsync(origin, session.Id);
        var lines = Archived.Lines(good);
        var expected = Read(good);
        Assert.NotNull(expected);

        Fuzz.Try(Gen.Frequency((3, Inputs.Mutated(Gen.Const(good))), (1, Gen.Shuffle(lines).Select(Archived.Join)), (1, Inputs.Bytes)), bytes =>
        {
            if (Read(bytes) is { } read)
            {
                Assert.Equal(expected, read);
            }
        });
    }

    /// <summary>What a reader makes of an archive, as text; null where it refuses it.</summary>
    private static string? Read(byte[] archive)
    {
        using var reader = new ArchiveReader(Operations.ImportSessions, new MemoryStream(archive), ArchiveFormat.MaxFrameBytes);
        var read = new StringBuilder();
        try
        {
            // A stream in memory is always there: nothing is waited for.
            for (ArchiveEntry entry; (entry = reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()) != ArchiveEntry.None;)
            {
                // The generation is of the import, and not in the archive.
                var session = reader.Current is { } current ? current.Session with { Generation = Guid.Empty } : null;
                read.AppendLine($"{entry} {(entry == ArchiveEntry.Frame ? $"{reader.Frame} {Convert.ToHexString(reader.Frame!.Payload.Span)}" : session?.ToString())}");
            }
        }
        catch (SessionArchiveException)
        {
            return null;
        }

        return reader is { Line: > 0, IsInArchive: false, Current: null } && reader.Rest.IsEmpty ? read.ToString() : null;
    }
}
