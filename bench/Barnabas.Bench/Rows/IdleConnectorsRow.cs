using System.Globalization;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>What a worker holds with ten connectors that have nothing to do: file sources and sinks, HTTP and JDBC would ask others.</summary>
internal sealed class IdleConnectorsRow : IRow
{
    private const int Connectors = 10;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public string Name => "connect/idle";

    /// <summary>The goal is 80 MB, whatever Java holds; the second side is that goal.</summary>
    public IReadOnlyList<Figure> Figures { get; } = [new("memory of ten idle connectors : goal", "MB", Goal.Max(1)), new("CPU of ten idle connectors", "ms/s")];

    public bool RunsOn(Side side) => side == Side.Barnabas;

    public async Task RunAsync(RowContext context)
    {
        await using var database = await PostgreSqlServer.StartAsync(context.Options.WorkFolder, context.Cancellation);
        await database.ExecuteAsync($"create table rows ({JdbcRows.Columns}, primary key (id))", context.Cancellation);
        var topic = await Topics.CreateAsync(context.Broker, 1, context.Cancellation);
        var file = Path.Combine(context.Broker.Folder, "idle.txt");
        await File.WriteAllTextAsync(file, "", context.Cancellation);
        await using var worker = await ConnectWorkerProcess.StartAsync(context.BarnabasTools, context.Broker.Bootstrap, context.Options.WorkFolder, context.Cancellation);
        for (var i = 0; i < Connectors; i++)
        {
            await worker.CreateAsync(string.Create(CultureInfo.InvariantCulture, $"idle-{i}"), (i % 4) switch
            {
                0 => [("connector.class", "FileStreamSource"), ("file", file), ("topic", topic)],
                1 => [("connector.class", "FileStreamSink"), ("file", file + ".out"), ("topics", topic)],
                2 => [("connector.class", "JdbcSourceConnector"), ("connection.url", database.JdbcUrl), ("connection.user", "postgres"), ("mode", "incrementing"), ("table.whitelist", "rows"), ("topic.prefix", "idle-")],
                _ => [("connector.class", "JdbcSinkConnector"), ("connection.url", database.JdbcUrl), ("connection.user", "postgres"), ("topics", topic)],
            }, context.Cancellation);
        }

        await Task.Delay(Settling / 2, context.Cancellation);
        var cpu = worker.CpuSeconds;
        await Task.Delay(Settling, context.Cancellation);
        context.Report(Side.Barnabas, "CPU of ten idle connectors", (worker.CpuSeconds - cpu) * 1000 / Settling.TotalSeconds);
        context.Report(Side.Barnabas, "memory of ten idle connectors : goal", worker.ResidentMegabytes);
        context.Report(Side.Kafka, "memory of ten idle connectors : goal", 80);
    }
}
