using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>A JDBC connector in a worker. Its second side is not Apache Kafka but a loop written by hand for that one table, and COPY alone.</summary>
/// <param name="memory">Where COPY alone goes: "from memory" or "to memory".</param>
internal abstract class JdbcRow(string memory) : IRow
{
    private const string Loop = "rows, worker : COPY loop";
    private readonly string _memory = $"rows, worker : COPY {memory}";

    public abstract string Name { get; }

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new(Loop, "rows/s", Goal.Min(0.5)),
        new($"rows, worker : COPY {memory}", "rows/s"),
        new("worker CPU", "s/million rows"),
    ];

    public bool RunsOn(Side side) => side == Side.Barnabas;

    public abstract Task RunAsync(RowContext context);

    /// <summary>Runs a worker's connector twice, under a first name that is not counted: it compiles the code on its way.</summary>
    /// <param name="context">Where it reports.</param>
    /// <param name="rows">How many rows it moves each time.</param>
    /// <param name="warm">The name of the first run.</param>
    /// <param name="counted">The name of the second.</param>
    /// <param name="run">One run of that name: rows a second.</param>
    protected async Task MeasureWorkerAsync(RowContext context, int rows, string warm, string counted, Func<ConnectWorkerProcess, string, Task<double>> run)
    {
        await using var worker = await ConnectWorkerProcess.StartAsync(context.BarnabasTools, context.Broker.Bootstrap, context.Options.WorkFolder, context.Cancellation);
        _ = await run(worker, warm);
        var cpu = worker.CpuSeconds;
        var rate = await run(worker, counted);
        context.Report(Side.Barnabas, "worker CPU", (worker.CpuSeconds - cpu) / (rows / 1e6));
        context.Report(Side.Barnabas, Loop, rate);
        context.Report(Side.Barnabas, _memory, rate);
    }

    /// <summary>Runs what is compared with, each twice for the same reason; both are given the name of the run.</summary>
    protected async Task MeasureByHandAsync(RowContext context, Func<string, Task<double>> loop, Func<string, Task<double>> copy)
    {
        _ = await loop("warm_loop");
        context.Report(Side.Kafka, Loop, await loop("loop"));
        _ = await copy("warm_memory");
        context.Report(Side.Kafka, _memory, await copy("memory"));
    }
}
