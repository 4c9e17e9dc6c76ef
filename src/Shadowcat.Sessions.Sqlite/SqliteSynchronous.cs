namespace Shadowcat.Sessions.Sqlite;

/// <summary>What an acknowledged write survives.</summary>
/// <seealso href="https://www.sqlite.org/pragma.html#pragma_synchronous"/>
public enum SqliteSynchronous
{
    /// <summary>A process that is killed, and a machine that loses power: a write completes when the disk has it. Costs one fsync a commit.</summary>
    Full,

    /// <summary>
    /// A process that is killed. A power cut, or a crash of the operating system, may take the newest writes back, those since the last checkpoint (some 16 MB of changes): frames
    /// that were acknowledged are gone then, and their sequences are given again. The file stays whole. Costs no fsync a commit.
    /// </summary>
    Normal,
}
