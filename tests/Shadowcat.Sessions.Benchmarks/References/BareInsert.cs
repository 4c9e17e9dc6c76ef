using Microsoft.Data.Sqlite;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>One INSERT of a payload in a transaction of its own. A file has one writer, so callers wait for each other.</summary>
internal sealed class BareInsert : Operation<int>, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SqliteCommand _insert;

    public BareInsert(SqliteFiles files)
    {
        var connection = files.OpenOther();
        using var table = connection.CreateCommand();
        table.CommandText = "CREATE TABLE frames (place INTEGER PRIMARY KEY, payload BLOB NOT NULL)";
        table.ExecuteNonQuery();
        _insert = connection.CreateCommand();
        _insert.CommandText = "INSERT INTO frames (payload) VALUES ($payload)";
        _insert.Parameters.Add("$payload", SqliteType.Blob);
    }

    public override async ValueTask<int> CallAsync(int caller, long call)
    {
        await _turn.WaitAsync();
        try
        {
            _insert.Parameters[0].Value = Messages.Payloads[(int)(call % Messages.Payloads.Count)];
            return _insert.ExecuteNonQuery();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _turn.Dispose();
    }
}
