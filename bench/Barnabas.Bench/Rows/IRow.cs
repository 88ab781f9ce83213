using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>
/// One line of work of the table. It runs once a round on each system, one after the other, checks its own result
/// (every record arrived) and reports each of its figures once a run with <see cref="RowContext.Report(string, double)"/>.
/// </summary>
internal interface IRow
{
    /// <summary>Path-like, so that --rows can choose: <c>produce/kbench/1024B/6p/all/none</c>.</summary>
    string Name { get; }

    IReadOnlyList<Figure> Figures { get; }

    /// <summary>
    /// False: the row shares one warm broker with others (<see cref="RowContext.Broker"/>). True: it starts and ends its own,
    /// with <see cref="RowContext.StartBrokerAsync"/> or <see cref="RowContext.PrepareBrokerAsync"/>.
    /// </summary>
    bool NeedsOwnBroker => false;

    /// <summary>Rows that compare clients rather than brokers run on one broker and report both sides.</summary>
    bool RunsOn(Side side) => true;

    Task RunAsync(RowContext context);
}
