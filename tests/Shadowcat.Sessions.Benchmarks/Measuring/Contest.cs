using System.Security.Cryptography;

namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>Measures two sides in alternating rounds: what disturbs the machine for a while disturbs both. <see cref="PairedContest"/> is for differences of some percent and less.</summary>
internal static class Contest
{
    public static async Task<ContestResult> RunAsync(IRunnable ours, IRunnable reference, int callers, Pace pace)
    {
        await WarmUp.RunAsync(async () =>
        {
            await ours.RunAsync(callers, pace.WarmUp);
            await reference.RunAsync(callers, pace.WarmUp);
        });

        // Which side begins is chosen by chance and changes from round to round: neither always runs on what the other has just left, and a machine that
        // becomes faster or slower meanwhile favours neither.
        var oursFirst = RandomNumberGenerator.GetInt32(2) == 0;
        var result = new ContestResult([], []);
        for (var round = 0; round < pace.Rounds; round++)
        {
            if (oursFirst)
            {
                result.Ours.Add(await ours.RunAsync(callers, pace.Round));
            }

            result.Reference.Add(await reference.RunAsync(callers, pace.Round));
            if (!oursFirst)
            {
                result.Ours.Add(await ours.RunAsync(callers, pace.Round));
            }

            oursFirst = !oursFirst;
        }

        return result;
    }
}
