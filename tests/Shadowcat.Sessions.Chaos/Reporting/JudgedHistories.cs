namespace Shadowcat.Sessions.Chaos.Reporting;

/// <summary>What a linearizability check decided.</summary>
/// <param name="Sessions">How many histories, each of one session id, were judged.</param>
/// <param name="Operations">How many operations they had.</param>
/// <param name="Undecided">How many histories could not be judged in the time there was; they count as nothing.</param>
internal sealed record JudgedHistories(int Sessions, long Operations, int Undecided);
