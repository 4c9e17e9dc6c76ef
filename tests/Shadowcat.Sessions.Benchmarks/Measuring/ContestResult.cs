namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>The rounds of both sides, in pairs.</summary>
internal sealed record ContestResult(List<Round> Ours, List<Round> Reference)
{
    /// <summary>The latencies of all our rounds.</summary>
    public Latencies Latencies
    {
        get
        {
            var all = Ours[0].Latencies.Copy();
            foreach (var round in Ours.Skip(1))
            {
                all.Add(round.Latencies);
            }

            return Latencies.Of(all);
        }
    }

    /// <summary>The bytes a call of ours allocates.</summary>
    public double Allocated => Spread.Of(Ours.Select(round => round.AllocatedPerCall)).Median;

    /// <summary>A figure of each side, and its ratio round by round.</summary>
    public Figures Figures(Func<Round, double> figure) => new(
        Spread.Of(Ours.Select(figure)).Median,
        Spread.Of(Reference.Select(figure)).Median,
        Spread.Of(Ours.Zip(Reference, (ours, reference) => figure(ours) / figure(reference))));
}
