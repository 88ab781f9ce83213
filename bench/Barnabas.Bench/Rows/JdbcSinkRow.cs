using System.Diagnostics;
using System.Globalization;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Npgsql;

namespace Barnabas.Bench.Rows;

/// <summary>
/// The JDBC sink from a topic into PostgreSQL, ten columns, one task. The second side is a loop written for this table by
/// hand: the same client, the same JSON, COPY, a commit for every poll. Counted from the first row that is committed.
/// </summary>
internal sealed class JdbcSinkRow() : JdbcRow("from memory")
{
    // PostgreSQL extends a table by many pages ahead of the rows.
    private const int LookedAtPages = 500;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public override string Name => "connect/jdbc-sink";

    public override async Task RunAsync(RowContext context)
    {
        var cancellation = context.Cancellation;
        var rows = context.Options.Scale(400_000, 20_000);
        await using var database = await PostgreSqlServer.StartAsync(context.Options.WorkFolder, cancellation);
        var topic = await Topics.CreateAsync(context.Broker, 1, cancellation);
        await JdbcRows.ProduceAsync(context.Broker, topic, rows, cancellation);
        await MeasureWorkerAsync(context, rows, "warm", "sink", SinkAsync);
        await MeasureByHandAsync(context, table => LoopAsync(context, database, topic, table, rows), table => FromMemoryAsync(context, database, table, rows));
        await Topics.DeleteAsync(context.Broker, topic, cancellation);

        async Task<double> SinkAsync(ConnectWorkerProcess worker, string name)
        {
            await database.ExecuteAsync($"create table {name} ({JdbcRows.Columns})", cancellation);
            var measuring = MeasureAsync(database, name, rows, cancellation);
            await worker.CreateAsync(name,
            [
                ("connector.class", "io.confluent.connect.jdbc.JdbcSinkConnector"), ("tasks.max", "1"), ("topics", topic),
                ("connection.url", database.JdbcUrl), ("connection.user", "postgres"), ("table.name.format", name),
            ], cancellation);
            var rate = await measuring;
            await worker.DeleteAsync(name, cancellation);
            return rate;
        }
    }

    // Only the table's end is looked at, found by a number: a function in the condition would be asked for every row of the
    // whole table. The loop is not looked at: what looking costs is the worker's loss alone.
    private static async Task<double> MeasureAsync(PostgreSqlServer database, string table, int rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        long first = 0;
        long begin = 0;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var pages = await PostgreSqlServer.CountAsync(connection, $"select pg_relation_size('{table}') / 8192", cancellationToken);
            var last = string.Create(CultureInfo.InvariantCulture, $"select max(id) from {table} where ctid >= '({Math.Max(0, pages - LookedAtPages)},0)'::tid");
            var seen = await PostgreSqlServer.CountAsync(connection, last, cancellationToken);
            if (first == 0 && seen > 0) (first, begin) = (seen, Stopwatch.GetTimestamp());
            if (seen == rows) break;
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(3)) throw new BenchException($"{table} has {seen} of {rows} rows after three minutes");
            await Task.Delay(Look, cancellationToken);
        }

        var rate = (rows - first) / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var count = await PostgreSqlServer.CountAsync(connection, $"select count(distinct id) from {table}", cancellationToken);
        return count == rows ? rate : throw new BenchException($"{table} has {count} of {rows} rows");
    }

    private static async Task<double> LoopAsync(RowContext context, PostgreSqlServer database, string topic, string table, int rows)
    {
        await database.ExecuteAsync($"create table {table} ({JdbcRows.Columns})", context.Cancellation);
        await using var connection = await database.ConnectAsync(context.Cancellation);
        var options = ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = context.Broker.Bootstrap, ["auto.offset.reset"] = "earliest", ["max.poll.records"] = "3000" });
        await using var consumer = new Consumer<byte[]?, byte[]?>(options, Deserializers.ByteArray, Deserializers.ByteArray, ClientEnvironment.ForProgram());
        consumer.Assign([new TopicPartition(topic, 0)]);
        var done = 0;
        long begin = 0;
        var first = 0;
        while (done < rows)
        {
            var polled = await consumer.PollAsync(TimeSpan.FromSeconds(1), context.Cancellation);
            if (polled.Count == 0) continue;
            Import(connection, table, polled);
            done += polled.Count;
            if (begin == 0) (begin, first) = (Stopwatch.GetTimestamp(), done);
        }

        return (rows - first) / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static void Import(NpgsqlConnection connection, string table, IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> polled)
    {
        using var import = connection.BeginBinaryImport($"copy {table} from stdin (format binary)");
        foreach (var record in polled) JdbcRows.Copy(import, record.Value);
        import.Complete();
    }

    private static async Task<double> FromMemoryAsync(RowContext context, PostgreSqlServer database, string table, int rows)
    {
        const int batch = 3000;
        await database.ExecuteAsync($"create table {table} ({JdbcRows.Columns})", context.Cancellation);
        await using var connection = await database.ConnectAsync(context.Cancellation);
        var begin = Stopwatch.GetTimestamp();
        for (var id = 1; id <= rows;)
        {
            using var import = connection.BeginBinaryImport($"copy {table} from stdin (format binary)");
            for (var last = Math.Min(rows, id + batch - 1); id <= last; id++) JdbcRows.Copy(import, id);
            import.Complete();
        }

        return rows / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
