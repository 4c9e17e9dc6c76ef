using Microsoft.Data.Sqlite;
using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>One prepared SELECT, whose rows are read with every column.</summary>
/// <param name="connection">Where it is asked.</param>
/// <param name="sql">The statement, with a parameter <c>$key</c>.</param>
/// <param name="keys">What that is, in turn.</param>
internal sealed class BareSelect(SqliteConnection connection, string sql, IReadOnlyList<object> keys) : Operation<long>
{
    private readonly SqliteCommand _select = Prepare(connection, sql);

    public override ValueTask<long> CallAsync(int caller, long call)
    {
        _select.Parameters[0].Value = keys[(int)(call % keys.Count)];
        using var rows = _select.ExecuteReader();
        var values = new object[rows.FieldCount];
        var count = 0L;
        while (rows.Read())
        {
            rows.GetValues(values);
            count++;
        }

        return new ValueTask<long>(count);
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql)
    {
        var select = connection.CreateCommand();
        select.CommandText = sql;
        select.Parameters.Add(new SqliteParameter("$key", value: null));
        return select;
    }
}
