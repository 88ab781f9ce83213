namespace Barnabas.Connect.Data;

/// <summary>Checks and compares values of Connect's types.</summary>
internal static class ConnectValues
{
    /// <summary>Checks a value against its schema, with Kafka Connect's messages.</summary>
    /// <exception cref="DataException">It does not fit.</exception>
    public static void Validate(Schema schema, object? value, string? name)
    {
        if (value is null)
        {
            if (!schema.IsOptional && schema.DefaultValue is null)
                throw new DataException($"Invalid value: null used for required field: \"{name ?? "null"}\", schema type: {TypeName(schema)}");
            return;
        }

        if (!Fits(schema, value))
            throw new DataException($"Invalid Java object for schema{(schema.Name is null ? "" : $" \"{schema.Name}\"")} with type {TypeName(schema)}: {JavaName(value)}{(name is null ? "" : $" for field: \"{name}\"")}");
        switch (schema.Type)
        {
            case SchemaType.Struct when !((Struct)value).Schema.Equals(schema):
                throw new DataException("Struct schemas do not match.");
            case SchemaType.Struct:
                ((Struct)value).Validate();
                break;
            case SchemaType.Array:
                if (schema.ValueSchema is { } part)
                    foreach (var element in (IReadOnlyList<object?>)value) Validate(part, element, name);
                break;
            case SchemaType.Map:
                foreach (var (key, entry) in (IReadOnlyDictionary<object, object?>)value)
                {
                    Validate(schema.KeySchema!, key, name);
                    Validate(schema.ValueSchema!, entry, name);
                }

                break;
        }
    }

    public static bool AreEqual(object? x, object? y) => (x, y) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.SequenceEqual(b, ConnectValueComparer.Instance),
        (IReadOnlyDictionary<object, object?> a, IReadOnlyDictionary<object, object?> b) =>
            a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var other) && AreEqual(pair.Value, other)),
        _ => x.Equals(y),
    };

    /// <summary>The schema of a value that came without one; null for null and for what is no plain type.</summary>
    public static Schema? SchemaOf(object? value) => value switch
    {
        sbyte => Schema.Int8,
        short => Schema.Int16,
        int => Schema.Int32,
        long => Schema.Int64,
        float => Schema.Float32,
        double => Schema.Float64,
        bool => Schema.Boolean,
        string => Schema.String,
        byte[] => Schema.Bytes,
        Struct structure => structure.Schema,
        BigDecimal number => LogicalTypes.DecimalBuilder(number.Scale).Build(),
        DateTime => LogicalTypes.TimestampSchema,
        _ => null,
    };

    private static bool Fits(Schema schema, object value)
    {
        switch (schema.Name)
        {
            case LogicalTypes.Decimal: return value is BigDecimal;
            case LogicalTypes.Date or LogicalTypes.Time or LogicalTypes.Timestamp: return value is DateTime;
        }

        return schema.Type switch
        {
            SchemaType.Int8 => value is sbyte,
            SchemaType.Int16 => value is short,
            SchemaType.Int32 => value is int,
            SchemaType.Int64 => value is long,
            SchemaType.Float32 => value is float,
            SchemaType.Float64 => value is double,
            SchemaType.Boolean => value is bool,
            SchemaType.String => value is string,
            SchemaType.Bytes => value is byte[],
            SchemaType.Array => value is IReadOnlyList<object?>,
            SchemaType.Map => value is IReadOnlyDictionary<object, object?>,
            SchemaType.Struct => value is Struct,
            _ => false,
        };
    }

    private static string TypeName(Schema schema) => SchemaTypes.NameOf(schema.Type).ToUpperInvariant();

    // The class that Kafka Connect would name: its users search for these messages.
    public static string JavaName(object value) => value switch
    {
        sbyte => "class java.lang.Byte",
        short => "class java.lang.Short",
        int => "class java.lang.Integer",
        long => "class java.lang.Long",
        float => "class java.lang.Float",
        double => "class java.lang.Double",
        bool => "class java.lang.Boolean",
        string => "class java.lang.String",
        byte[] => "class [B",
        BigDecimal => "class java.math.BigDecimal",
        DateTime => "class java.util.Date",
        Struct => "class org.apache.kafka.connect.data.Struct",
        IReadOnlyList<object?> => "class java.util.ArrayList",
        IReadOnlyDictionary<object, object?> => "class java.util.HashMap",
        _ => value.GetType().ToString(),
    };
}
