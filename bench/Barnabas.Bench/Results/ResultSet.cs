using Barnabas.Bench.Limits;
using Barnabas.Bench.Rows;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Results;

/// <summary>Everything one run of the bench measured.</summary>
internal sealed class ResultSet(BenchOptions options, MachineLimits limits)
{
    private readonly List<Series> _series = [];

    public BenchOptions Options { get; } = options;

    public MachineLimits Limits { get; } = limits;

    public DateTimeOffset Begun { get; } = DateTimeOffset.UtcNow;

    /// <summary>In the order of the table.</summary>
    public IReadOnlyList<Series> Series => _series;

    public List<string> Failures { get; } = [];

    /// <summary>Rounds that are whole; a run that was ended early tells of fewer than it was asked for.</summary>
    public int RoundsDone { get; set; }

    public void Declare(IEnumerable<IRow> rows)
    {
        foreach (var row in rows)
        {
            foreach (var figure in row.Figures)
                _series.Add(new Series(row.Name, figure));
        }
    }

    public void Add(IRow row, string figure, Side side, double value)
    {
        var series = _series.Find(s => s.Row == row.Name && s.Figure.Name == figure) ?? throw new BenchException($"{row.Name} reports {figure}, which it did not declare");
        series.Of(side).Add(value);
    }
}

/// <summary>One figure of one row, with what each round gave for each side.</summary>
internal sealed record Series(string Row, Figure Figure)
{
    private readonly List<double> _barnabas = [];
    private readonly List<double> _kafka = [];

    public List<double> Of(Side side) => side == Side.Barnabas ? _barnabas : _kafka;

    public Summary? Barnabas => Summary.Of(_barnabas);

    public Summary? Kafka => Summary.Of(_kafka);

    /// <summary>Barnabas : Apache Kafka, of the medians; null where one is missing or Apache Kafka's is zero.</summary>
    public double? Ratio => Barnabas is { } ours && Kafka is { Median: > 0 } theirs ? ours.Median / theirs.Median : null;

    public bool? IsMet => Figure.Goal is { } goal && Ratio is { } ratio ? goal.IsMet(ratio) : null;
}
