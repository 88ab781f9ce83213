using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Changes how a field, or the whole key or value, tells a time: as text, as a number, or as a date, time or timestamp.</summary>
public sealed class TimestampConverter(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("field", ConfigType.String) { Default = "", Importance = ConfigImportance.High, Documentation = "The field to change; empty for the whole key or value." })
        .Define(new("target.type", ConfigType.String) { Validator = ConfigValidators.OneOf("string", "unix", "Date", "Time", "Timestamp"), Importance = ConfigImportance.High, Documentation = "What the time becomes." })
        .Define(new("format", ConfigType.String) { Default = "", Documentation = "The notation of text, as Java's SimpleDateFormat has it." })
        .Define(new("unix.precision", ConfigType.String) { Default = "milliseconds", Validator = ConfigValidators.OneOf("nanoseconds", "microseconds", "milliseconds", "seconds"), Importance = ConfigImportance.Low, Documentation = "The unit of numbers." })
        .Define(FieldPath.ReplaceNullKey);

    private readonly SchemaCache _schemas = new();
    private string _field = "";
    private string _target = "";
    private JavaDateFormat? _format;
    private long _ticksNumerator = TimeSpan.TicksPerMillisecond;
    private long _perTick = 1;
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _field = values.GetString("field");
        _target = values.GetString("target.type");
        var format = values.GetString("format");
        if (_target == "string" && format.Length == 0)
            throw new ConfigException("TimestampConverter requires format option to be specified when using string timestamps");
        _format = format.Length == 0 ? null : JavaDateFormat.Parse(format);
        (_ticksNumerator, _perTick) = values.GetString("unix.precision") switch
        {
            "nanoseconds" => (1L, 100L),
            "microseconds" => (TimeSpan.TicksPerMicrosecond, 1L),
            "seconds" => (TimeSpan.TicksPerSecond, 1L),
            _ => (TimeSpan.TicksPerMillisecond, 1L),
        };
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (schema is null && value is null) return record;
        if (_field.Length == 0)
            return record.With(part, schema is null ? null : _schemas.Get(schema, old => TargetSchema(old.IsOptional)), Convert(schema, value));
        if (schema is null)
        {
            var map = new Dictionary<object, object?>(RecordParts.RequireMap(value, "converting timestamp formats"));
            map[_field] = Convert(null, map.GetValueOrDefault(_field));
            return record.With(part, null, map);
        }

        var target = _schemas.Get(schema, Replaced);
        if (value is null) return record.With(part, target, null);
        var structure = RecordParts.RequireStruct(value, "converting timestamp formats");
        var changed = new Struct(target);
        foreach (var field in structure.Schema.Fields)
        {
            var old = _replacesNull ? structure.Get(field) : structure.GetWithoutDefault(field);
            changed.Put(field.Name, field.Name == _field ? Convert(field.Schema, old) : old);
        }

        return record.With(part, target, changed);
    }

    private Schema Replaced(Schema old)
    {
        var builder = SchemaBuilder.Struct().Named(old.Name).OfVersion(old.Version).Documented(old.Doc).Optional(old.IsOptional);
        foreach (var field in old.Fields) builder.Field(field.Name, field.Name == _field ? TargetSchema(field.Schema.IsOptional) : field.Schema);
        return builder.Build();
    }

    private Schema TargetSchema(bool isOptional) => (_target switch
    {
        "string" => SchemaBuilder.OfType(SchemaType.String),
        "unix" => SchemaBuilder.OfType(SchemaType.Int64),
        "Date" => LogicalTypes.DateBuilder(),
        "Time" => LogicalTypes.TimeBuilder(),
        _ => LogicalTypes.TimestampBuilder(),
    }).Optional(isOptional).Build();

    private DateTime Instant(long number)
    {
        try
        {
            return DateTime.UnixEpoch.AddTicks(checked(number * _ticksNumerator) / _perTick);
        }
        catch (Exception error) when (error is OverflowException or ArgumentOutOfRangeException)
        {
            throw new DataException($"A time of {number} is outside the years 1 to 9999 at this precision.", error);
        }
    }

    private object? Convert(Schema? schema, object? value)
    {
        if (value is null) return null;
        var instant = value switch
        {
            DateTime known => known,
            long number => Instant(number),
            string text => (_format ?? throw new DataException("TimestampConverter requires format option to be specified when using string timestamps")).Read(text),
            _ => throw new DataException($"Schema {schema} does not correspond to a known timestamp type format"),
        };
        return _target switch
        {
            "string" => _format!.Format(instant),
            "unix" => (long)((Int128)(instant - DateTime.UnixEpoch).Ticks * _perTick / _ticksNumerator),
            "Date" => instant.Date,
            "Time" => DateTime.UnixEpoch + instant.TimeOfDay,
            _ => instant,
        };
    }
}
