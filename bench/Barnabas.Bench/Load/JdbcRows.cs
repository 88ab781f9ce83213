using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Barnabas.Bench.Systems;
using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace Barnabas.Bench.Load;

/// <summary>Rows of ten columns of the usual types, as a table and as JsonConverter writes them with their schema.</summary>
internal static class JdbcRows
{
    public const string Columns = "id bigint not null, device text, place text, sensor1 double precision, sensor2 double precision, motor1 integer, motor2 integer, fails boolean, note text, at timestamp";

    private static readonly byte[] Schema = Encoding.UTF8.GetBytes(
        """{"schema":{"type":"struct","fields":[{"type":"int64","optional":false,"field":"id"},{"type":"string","optional":true,"field":"device"},{"type":"string","optional":true,"field":"place"},{"type":"double","optional":true,"field":"sensor1"},{"type":"double","optional":true,"field":"sensor2"},{"type":"int32","optional":true,"field":"motor1"},{"type":"int32","optional":true,"field":"motor2"},{"type":"boolean","optional":true,"field":"fails"},{"type":"string","optional":true,"field":"note"},{"type":"int64","optional":true,"name":"org.apache.kafka.connect.data.Timestamp","version":1,"field":"at"}],"optional":false,"name":"rows"},"payload":""");

    /// <summary>The statement that fills a table with as many rows.</summary>
    public static string Fill(string table, int rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"insert into {table} select g, 'device-' || g % 100, 'hall ' || g % 7, g % 1000 / 7.0, g % 3000 / 11.0, g % 2000, g % 1500, g % 50 = 0, 'reading number ' || g, timestamp '2026-01-01' + g * interval '1 millisecond' from generate_series(1, {rows}) g");

    /// <summary>Produces as many rows to a topic of one partition.</summary>
    public static async Task ProduceAsync(BrokerProcess broker, string topic, int rows, CancellationToken cancellationToken)
    {
        var options = ProducerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = broker.Bootstrap, ["linger.ms"] = "5", ["batch.size"] = "262144", ["buffer.memory"] = "67108864" });
        await using var producer = new Producer<byte[]?, byte[]?>(options, Serializers.ByteArray, Serializers.ByteArray, ClientEnvironment.ForProgram());
        var failures = new Failures();
        var json = new ArrayBufferWriter<byte>(1024);
        using var payload = new Utf8JsonWriter(json);
        for (var id = 1; id <= rows; id++)
        {
            json.ResetWrittenCount();
            json.Write(Schema);
            payload.Reset();
            Write(payload, id);
            payload.Flush();
            json.Write("}"u8);
            await producer.EnqueueAsync(new ProducerRecord<byte[]?, byte[]?>(topic, null, json.WrittenSpan.ToArray()), failures, null, cancellationToken);
        }
        await producer.FlushAsync(cancellationToken);
        if (failures.First is { } failure)
            throw new BenchException($"rows could not be produced: {failure.Message}");
    }

    /// <summary>Writes a row that came as JSON into a COPY, as a program written for this table would.</summary>
    public static void Copy(NpgsqlBinaryImporter import, ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record[Schema.Length..]);
        reader.Read();
        import.StartRow();
        import.Write(Next(ref reader).GetInt64(), NpgsqlDbType.Bigint);
        import.Write(Next(ref reader).GetString()!, NpgsqlDbType.Text);
        import.Write(Next(ref reader).GetString()!, NpgsqlDbType.Text);
        import.Write(Next(ref reader).GetDouble(), NpgsqlDbType.Double);
        import.Write(Next(ref reader).GetDouble(), NpgsqlDbType.Double);
        import.Write(Next(ref reader).GetInt32(), NpgsqlDbType.Integer);
        import.Write(Next(ref reader).GetInt32(), NpgsqlDbType.Integer);
        import.Write(Next(ref reader).GetBoolean(), NpgsqlDbType.Boolean);
        import.Write(Next(ref reader).GetString()!, NpgsqlDbType.Text);
        import.Write(DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(Next(ref reader).GetInt64()), DateTimeKind.Unspecified), NpgsqlDbType.Timestamp);
    }

    /// <summary>Writes a row made here into a COPY.</summary>
    public static void Copy(NpgsqlBinaryImporter import, int id)
    {
        import.StartRow();
        import.Write((long)id, NpgsqlDbType.Bigint);
        import.Write(string.Create(CultureInfo.InvariantCulture, $"device-{id % 100}"), NpgsqlDbType.Text);
        import.Write(string.Create(CultureInfo.InvariantCulture, $"hall {id % 7}"), NpgsqlDbType.Text);
        import.Write(id % 1000 / 7.0, NpgsqlDbType.Double);
        import.Write(id % 3000 / 11.0, NpgsqlDbType.Double);
        import.Write(id % 2000, NpgsqlDbType.Integer);
        import.Write(id % 1500, NpgsqlDbType.Integer);
        import.Write(id % 50 == 0, NpgsqlDbType.Boolean);
        import.Write(string.Create(CultureInfo.InvariantCulture, $"reading number {id}"), NpgsqlDbType.Text);
        import.Write(DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(1_767_225_600_000 + id), DateTimeKind.Unspecified), NpgsqlDbType.Timestamp);
    }

    /// <summary>Reads a row out of a COPY, to no end.</summary>
    public static void Read(NpgsqlBinaryExporter export)
    {
        export.Read<long>(NpgsqlDbType.Bigint);
        export.Read<string>(NpgsqlDbType.Text);
        export.Read<string>(NpgsqlDbType.Text);
        export.Read<double>(NpgsqlDbType.Double);
        export.Read<double>(NpgsqlDbType.Double);
        export.Read<int>(NpgsqlDbType.Integer);
        export.Read<int>(NpgsqlDbType.Integer);
        export.Read<bool>(NpgsqlDbType.Boolean);
        export.Read<string>(NpgsqlDbType.Text);
        export.Read<DateTime>(NpgsqlDbType.Timestamp);
    }

    /// <summary>Reads a row out of a COPY and makes its JSON, as a program written for this table would.</summary>
    public static byte[] Read(NpgsqlBinaryExporter export, ArrayBufferWriter<byte> json, Utf8JsonWriter payload)
    {
        json.ResetWrittenCount();
        json.Write(Schema);
        payload.Reset();
        payload.WriteStartObject();
        payload.WriteNumber("id"u8, export.Read<long>(NpgsqlDbType.Bigint));
        payload.WriteString("device"u8, export.Read<string>(NpgsqlDbType.Text));
        payload.WriteString("place"u8, export.Read<string>(NpgsqlDbType.Text));
        payload.WriteNumber("sensor1"u8, export.Read<double>(NpgsqlDbType.Double));
        payload.WriteNumber("sensor2"u8, export.Read<double>(NpgsqlDbType.Double));
        payload.WriteNumber("motor1"u8, export.Read<int>(NpgsqlDbType.Integer));
        payload.WriteNumber("motor2"u8, export.Read<int>(NpgsqlDbType.Integer));
        payload.WriteBoolean("fails"u8, export.Read<bool>(NpgsqlDbType.Boolean));
        payload.WriteString("note"u8, export.Read<string>(NpgsqlDbType.Text));
        payload.WriteNumber("at"u8, (export.Read<DateTime>(NpgsqlDbType.Timestamp).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond);
        payload.WriteEndObject();
        payload.Flush();
        json.Write("}"u8);
        return json.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, int id)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, id);
        json.WriteString("device"u8, string.Create(CultureInfo.InvariantCulture, $"device-{id % 100}"));
        json.WriteString("place"u8, string.Create(CultureInfo.InvariantCulture, $"hall {id % 7}"));
        json.WriteNumber("sensor1"u8, id % 1000 / 7.0);
        json.WriteNumber("sensor2"u8, id % 3000 / 11.0);
        json.WriteNumber("motor1"u8, id % 2000);
        json.WriteNumber("motor2"u8, id % 1500);
        json.WriteBoolean("fails"u8, id % 50 == 0);
        json.WriteString("note"u8, string.Create(CultureInfo.InvariantCulture, $"reading number {id}"));
        json.WriteNumber("at"u8, 1_767_225_600_000 + id);
        json.WriteEndObject();
    }

    // To the next property's value.
    private static ref Utf8JsonReader Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Read();
        return ref reader;
    }

    /// <summary>Remembers the first record that was not delivered.</summary>
    internal sealed class Failures : IDeliveryHandler
    {
        public Protocol.KafkaException? First { get; private set; }

        void IDeliveryHandler.OnDelivery(in DeliveryReport report, Protocol.KafkaException? error, object? state) => First ??= error;
    }
}
