namespace Shadowcat.Sessions.Sqlite;

/// <summary>The text of a statement. There is one object for each, by whose number a connection finds the statement that it has prepared.</summary>
internal sealed class SqlText
{
    private static int _count;

    /// <summary>Names a statement, once in the life of the process.</summary>
    /// <param name="text">The text.</param>
    public SqlText(string text)
    {
        Text = text;
        Number = Interlocked.Increment(ref _count) - 1;
    }

    public string Text { get; }

    /// <summary>From 0, without gaps.</summary>
    public int Number { get; }
}
