using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;
using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using NpgsqlTypes;

namespace Barnabas.Bench.Rows;

/// <summary>
/// The JDBC source from a table of ten columns to a topic, one task. The second side is a loop written for this table by
/// hand: COPY, the same JSON, the same client. Counted from the first record.
/// </summary>
internal sealed class JdbcSourceRow() : JdbcRow("to memory")
{
    public override string Name => "connect/jdbc-source";

    public override async Task RunAsync(RowContext context)
    {
        var cancellation = context.Cancellation;
        var rows = context.Options.Scale(400_000, 20_000);
        await using var database = await PostgreSqlServer.StartAsync(context.Options.WorkFolder, cancellation);
        await database.ExecuteAsync($"create table rows ({JdbcRows.Columns}, primary key (id))", cancellation);
        await database.ExecuteAsync(JdbcRows.Fill("rows", rows), cancellation);
        await database.ExecuteAsync("vacuum analyze rows", cancellation);
        await MeasureWorkerAsync(context, rows, "warm-", "source-", SourceAsync);
        await MeasureByHandAsync(context, _ => LoopAsync(context, database, rows), _ => ToMemoryAsync(context, database, rows));

        async Task<double> SourceAsync(ConnectWorkerProcess worker, string prefix)
        {
            var measuring = MeasureAsync(context.Broker, prefix + "rows", rows, cancellation);
            await worker.CreateAsync(prefix + "connector",
            [
                ("connector.class", "io.confluent.connect.jdbc.JdbcSourceConnector"), ("tasks.max", "1"), ("topic.prefix", prefix), ("table.whitelist", "rows"),
                ("connection.url", database.JdbcUrl), ("connection.user", "postgres"), ("mode", "incrementing"), ("incrementing.column.name", "id"),
            ], cancellation);
            var rate = await measuring;
            await worker.DeleteAsync(prefix + "connector", cancellation);
            await Topics.DeleteAsync(context.Broker, prefix + "rows", cancellation);
            return rate;
        }
    }

    private static async Task<double> MeasureAsync(BrokerProcess broker, string topic, int rows, CancellationToken cancellationToken)
    {
        await using var admin = Topics.Admin(broker);
        var partition = new TopicPartition(topic, 0);
        long first = 0;
        long begin = 0;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            long seen = 0;
            if ((await admin.ListTopicsAsync(cancellationToken: cancellationToken)).Any(known => known.Name == topic))
                seen = (await admin.ListOffsetsAsync(new Dictionary<TopicPartition, Client.Admin.OffsetSpec> { [partition] = Client.Admin.OffsetSpec.Latest }, cancellationToken: cancellationToken))[partition].Value.Offset;
            if (first == 0 && seen > 0) (first, begin) = (seen, Stopwatch.GetTimestamp());
            if (seen > rows) throw new BenchException($"{topic} has {seen} records of {rows} rows");
            if (seen == rows) return (rows - first) / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(3)) throw new BenchException($"{topic} has {seen} of {rows} records after three minutes");
            await Task.Delay(20, cancellationToken);
        }
    }

    private static async Task<double> LoopAsync(RowContext context, PostgreSqlServer database, int rows)
    {
        var topic = await Topics.CreateAsync(context.Broker, 1, context.Cancellation);
        await using var connection = await database.ConnectAsync(context.Cancellation);
        // As a worker's producer is set.
        var options = ProducerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = context.Broker.Bootstrap, ["acks"] = "all", ["max.in.flight.requests.per.connection"] = "1", ["batch.size"] = "131072" });
        await using var producer = new Producer<byte[]?, byte[]?>(options, Serializers.ByteArray, Serializers.ByteArray, ClientEnvironment.ForProgram());
        var failures = new JdbcRows.Failures();
        var json = new ArrayBufferWriter<byte>(1024);
        await using var payload = new Utf8JsonWriter(json);
        var begin = Stopwatch.GetTimestamp();
        await using var export = await connection.BeginBinaryExportAsync("copy (select * from rows order by id) to stdout (format binary)", context.Cancellation);
        while (await export.StartRowAsync(context.Cancellation) >= 0)
            await producer.EnqueueAsync(new ProducerRecord<byte[]?, byte[]?>(topic, null, JdbcRows.Read(export, json, payload)), failures, null, context.Cancellation);
        await producer.FlushAsync(context.Cancellation);
        var rate = rows / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        if (failures.First is { } failure)
            throw new BenchException($"rows could not be produced: {failure.Message}");
        await Topics.VerifyAsync(context.Broker, topic, 1, rows, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        return rate;
    }

    private static async Task<double> ToMemoryAsync(RowContext context, PostgreSqlServer database, int rows)
    {
        await using var connection = await database.ConnectAsync(context.Cancellation);
        var begin = Stopwatch.GetTimestamp();
        var count = 0;
        await using var export = await connection.BeginBinaryExportAsync("copy (select * from rows order by id) to stdout (format binary)", context.Cancellation);
        while (await export.StartRowAsync(context.Cancellation) >= 0)
        {
            JdbcRows.Read(export);
            count++;
        }
        return count == rows ? rows / Stopwatch.GetElapsedTime(begin).TotalSeconds : throw new BenchException($"COPY gave {count} of {rows} rows");
    }
}
