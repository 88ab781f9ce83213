using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Adds fields with what Kafka knows of a record, or with a fixed value. A mark at the end says whether null is a value: <c>!</c> no, <c>?</c> yes (the default).</summary>
public sealed class InsertField(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(Name("topic.field", "the topic"))
        .Define(Name("partition.field", "the partition"))
        .Define(Name("offset.field", "the offset, of sink records alone"))
        .Define(Name("timestamp.field", "the timestamp"))
        .Define(Name("static.field", "a fixed value"))
        .Define(new("static.value", ConfigType.String) { Default = null, Documentation = "The fixed value." })
        .Define(FieldPath.ReplaceNullKey);

    private readonly SchemaCache _schemas = new();
    private readonly List<Insertion> _insertions = [];
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        var text = values.FindString("static.value");
        _insertions.Clear();
        Add(values, "topic.field", Schema.String, record => record.Topic);
        Add(values, "partition.field", Schema.Int32, record => record.Partition);
        Add(values, "offset.field", Schema.Int64, record => record is SinkRecord sink ? sink.Offset : throw new DataException("Offset insertion is only supported for sink connectors"));
        Add(values, "timestamp.field", LogicalTypes.TimestampSchema, record => record.Timestamp is { } timestamp ? LogicalTypes.FromMilliseconds(timestamp) : null);
        Add(values, "static.field", Schema.String, _ => text);
        if (_insertions.Count == 0) throw new ConfigException("No field insertion configured");
        if (values.FindString("static.field") is not null && text is null) throw new ConfigException("static.value", null, "No value specified for static field: " + values.FindString("static.field"));
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (value is null) return record;
        if (schema is null)
        {
            var map = new Dictionary<object, object?>(RecordParts.RequireMap(value, "field insertion"));
            foreach (var insertion in _insertions)
            {
                var inserted = insertion.Read(record);
                if (inserted is not null || !insertion.IsTimestamp) map[insertion.Name] = inserted is DateTime instant ? LogicalTypes.ToMilliseconds(instant) : inserted;
            }

            return record.With(part, null, map);
        }

        var old = RecordParts.RequireStruct(value, "field insertion");
        var target = _schemas.Get(schema, Extended);
        var changed = new Struct(target);
        foreach (var field in old.Schema.Fields) changed.Put(field.Name, _replacesNull ? old.Get(field) : old.GetWithoutDefault(field));
        foreach (var insertion in _insertions) changed.Put(insertion.Name, insertion.Read(record));
        return record.With(part, target, changed);
    }

    private static ConnectKey Name(string name, string what) => new(name, ConfigType.String)
    {
        Default = null,
        Documentation = $"The field for {what}; ! at its end makes it required, ? optional.",
    };

    private void Add(ConfigValues values, string key, Schema schema, Func<ConnectRecord, object?> read)
    {
        if (values.FindString(key) is not { } name) return;
        var isRequired = name.EndsWith('!');
        var isTimestamp = key == "timestamp.field";
        _insertions.Add(new Insertion(name.TrimEnd('!', '?'), isRequired ? schema : SchemaBuilder.Like(schema).Optional().Build(), read, isTimestamp));
    }

    private Schema Extended(Schema old)
    {
        var builder = SchemaBuilder.Struct().Named(old.Name).OfVersion(old.Version).Documented(old.Doc).Optional(old.IsOptional);
        foreach (var field in old.Fields) builder.Field(field.Name, field.Schema);
        foreach (var insertion in _insertions) builder.Field(insertion.Name, insertion.Schema);
        return builder.Build();
    }

    private sealed record Insertion(string Name, Schema Schema, Func<ConnectRecord, object?> Read, bool IsTimestamp);
}
