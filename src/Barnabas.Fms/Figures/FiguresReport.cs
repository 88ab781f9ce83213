using System.Globalization;

namespace Barnabas.Fms.Figures;

/// <summary>What was measured, and what it is to be.</summary>
internal sealed class FiguresReport
{
    private const int GoalPerSecond = 10_000;
    private const int AimPerSecond = 200_000;
    private const int GoalDelayMs = 5_000;
    private const int AimDelayMs = 100;

    public LatencyHistogram Delays { get; set; } = new();
    public int PacedPerSecond { get; set; }
    public double PerSecond { get; set; }
    public long Sent { get; set; }
    public long Arrived { get; set; }
    public long Twice { get; set; }

    /// <summary>What is told beside the goals.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What was sent with storage on and never stored.</summary>
    public long NotStored { get; set; }

    public bool MeetsGoals => Delays.Count > 0 && Delays.Largest < GoalDelayMs && Arrived == Sent && NotStored == 0 && PerSecond >= GoalPerSecond;

    public IEnumerable<string> Lines()
    {
        yield return "";
        yield return Row("figure", "measured", "goal", "", "aim", "");
        yield return Row($"processing delay at {PacedPerSecond:N0}/s, longest", $"{Delays.Largest:N0} ms", "< 5 s", Verdict(Delays.Count > 0 && Delays.Largest < GoalDelayMs), "", "");
        yield return Row($"processing delay at {PacedPerSecond:N0}/s, p50 / p99", $"{Delays.Percentile(0.5):N0} / {Delays.Percentile(0.99):N0} ms", "", "", $"p99 < {AimDelayMs} ms", Verdict(Delays.Count > 0 && Delays.Percentile(0.99) < AimDelayMs));
        yield return Row($"delivery of {Sent:N0} readings", string.Create(CultureInfo.InvariantCulture, $"{100.0 * Arrived / Sent:0.######} %"), "100 %", Verdict(Arrived == Sent), "twice: 0", Verdict(Twice == 0));
        yield return Row("messages a second at full speed", $"{PerSecond:N0}", $"{GoalPerSecond:N0}", Verdict(PerSecond >= GoalPerSecond), $"{AimPerSecond:N0}", Verdict(PerSecond >= AimPerSecond));
        foreach (var note in Notes)
            yield return note;
        yield return MeetsGoals ? "All goals are met." : "A goal is MISSED.";
    }

    private static string Verdict(bool isMet) => isMet ? "met" : "MISSED";

    private static string Row(string name, string measured, string goal, string isMet, string aim, string isReached) =>
        $"{name,-48}{measured,16}  {goal,-8}{isMet,-8}{aim,-14}{isReached}".TrimEnd();
}
