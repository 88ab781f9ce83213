using System.Globalization;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Jdbc.Dialects;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Jdbc.Sink;

/// <summary>How records of one pair of schemas become rows: which columns, and where each value comes from.</summary>
internal sealed class RowShape
{
    private static readonly string[] KafkaColumns = ["__connect_topic", "__connect_partition", "__connect_offset"];

    private readonly Func<SinkRecord, object?>[] _reads;

    private RowShape(List<(WriteColumn Column, Func<SinkRecord, object?> Read)> keys, List<(WriteColumn Column, Func<SinkRecord, object?> Read)> values)
    {
        Keys = [.. keys.Select(key => key.Column)];
        Values = [.. values.Select(value => value.Column)];
        _reads = [.. keys.Concat(values).Select(column => column.Read)];
    }

    public IReadOnlyList<WriteColumn> Keys { get; }

    public IReadOnlyList<WriteColumn> Values { get; }

    /// <exception cref="ConnectException">The records do not have what <c>pk.mode</c> asks for.</exception>
    public static RowShape Of(SinkRecord record, JdbcSinkConfig config)
    {
        var replaces = config.Values.GetBoolean("replace.null.with.default");
        var keys = KeyColumns(record, config, replaces);
        var names = keys.Select(key => key.Item1.Name).ToHashSet();
        var values = new List<(WriteColumn, Func<SinkRecord, object?>)>();
        if (record.Value is not null)
        {
            foreach (var field in ValueSchema(record).Fields)
            {
                if (names.Contains(field.Name) || (config.Fields.Count > 0 && !config.Fields.Contains(field.Name))) continue;
                values.Add((new WriteColumn(field.Name, field.Schema, null), r => Get((Struct)r.Value!, field, replaces)));
            }
        }

        return new RowShape(keys, values);
    }

    public object?[] Read(SinkRecord record)
    {
        var row = new object?[_reads.Length];
        for (var i = 0; i < row.Length; i++) row[i] = _reads[i](record);
        return row;
    }

    private static List<(WriteColumn, Func<SinkRecord, object?>)> KeyColumns(SinkRecord record, JdbcSinkConfig config, bool replaces)
    {
        switch (config.KeyMode)
        {
            case PrimaryKeyMode.Kafka:
                var names = config.KeyFields.Count == 3 ? config.KeyFields : KafkaColumns;
                return
                [
                    (new WriteColumn(names[0], Schema.String, null), r => r.OriginalTopic),
                    (new WriteColumn(names[1], Schema.Int32, null), r => r.OriginalPartition),
                    (new WriteColumn(names[2], Schema.Int64, null), r => r.Offset),
                ];
            case PrimaryKeyMode.RecordKey:
                if (record.KeySchema is not { } schema)
                    throw new ConnectException($"PK mode for table is RECORD_KEY, but the record of {Place(record)} has no key with a schema.");
                if (schema.Type != SchemaType.Struct)
                {
                    return config.KeyFields.Count == 1
                        ? [(new WriteColumn(config.KeyFields[0], schema, null), r => r.Key)]
                        : throw new ConnectException($"Need exactly one PK column defined since the key schema for records is a primitive type, defined columns are: [{string.Join(", ", config.KeyFields)}]");
                }

                return Chosen(schema, config.KeyFields, (r, field) => Get((Struct)r.Key!, field, replaces));
            case PrimaryKeyMode.RecordValue:
                return Chosen(ValueSchema(record), config.KeyFields, (r, field) => Get((Struct)r.Value!, field, replaces));
            default:
                return [];
        }
    }

    private static List<(WriteColumn, Func<SinkRecord, object?>)> Chosen(Schema schema, IReadOnlyList<string> names, Func<SinkRecord, Field, object?> read) =>
        [.. (names.Count == 0 ? schema.Fields : names.Select(name => schema.Field(name)
                ?? throw new ConnectException($"PK mode asks for the fields [{string.Join(", ", names)}], but the schema does not have the field {name}.")))
            .Select(field => (new WriteColumn(field.Name, field.Schema, null), (Func<SinkRecord, object?>)(r => read(r, field))))];

    private static Schema ValueSchema(SinkRecord record) => record.ValueSchema is { Type: SchemaType.Struct } schema
        ? schema
        : throw new ConnectException($"The sink needs values with a schema of type struct, but the record of {Place(record)} has {(record.ValueSchema is null ? "none" : record.ValueSchema.Type.ToString())}. Use JsonConverter with schemas.enable=true, or another converter with schemas.");

    private static object? Get(Struct structure, Field field, bool replaces) => replaces ? structure.Get(field) : structure.GetWithoutDefault(field);

    private static string Place(SinkRecord record) => string.Create(CultureInfo.InvariantCulture, $"{record.OriginalTopic}-{record.OriginalPartition} at offset {record.Offset}");
}
