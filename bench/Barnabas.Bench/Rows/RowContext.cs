using Barnabas.Bench.Load;
using Barnabas.Bench.Results;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>What a row works with in one run.</summary>
internal sealed record RowContext(BenchOptions Options, ResultSet Results, SystemUnderTest System, int Round, BrokerProcess? SharedBroker, CancellationToken Cancellation)
{
    public IRow? Row { get; init; }

    /// <summary>The warm broker that rows share.</summary>
    public BrokerProcess Broker => SharedBroker ?? throw new BenchException("a row with a broker of its own asked for the shared one");

    public Kbench Kbench => new(Options, Broker.Bootstrap);

    /// <summary>Apache Kafka's distribution, whatever broker is under test: its tools are the load.</summary>
    public SystemUnderTest KafkaTools => new(Side.Kafka, "Apache Kafka", Path.Combine(Options.Peers, "kafka"));

    public SystemUnderTest BarnabasTools => new(Side.Barnabas, "Barnabas", Options.BarnabasHome);

    /// <summary>A broker of the row's own, on a fresh folder; the row disposes it.</summary>
    public Task<BrokerProcess> StartBrokerAsync(params string[] properties) => BrokerProcess.StartAsync(System, Options.WorkFolder, properties, Cancellation);

    /// <summary>The same, formatted but not started.</summary>
    public Task<BrokerProcess> PrepareBrokerAsync(params string[] properties) => BrokerProcess.PrepareAsync(System, Options.WorkFolder, properties, Cancellation);

    /// <summary>Reports a figure of the system under test.</summary>
    public void Report(string figure, double value) => Report(System.Side, figure, value);

    /// <summary>Reports a figure of one side.</summary>
    public void Report(Side side, string figure, double value) => Results.Add(Row!, figure, side, value);
}
