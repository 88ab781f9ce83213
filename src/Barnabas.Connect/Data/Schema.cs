namespace Barnabas.Connect.Data;

/// <summary>
/// What a value is: its type, whether it may be null, its default, and for logical types a name with parameters.
/// Immutable; equal by content, as Kafka Connect's <c>ConnectSchema</c>. Made by <see cref="SchemaBuilder"/>.
/// </summary>
public sealed class Schema : IEquatable<Schema>
{
    private static readonly IReadOnlyDictionary<string, string> NoParameters = new Dictionary<string, string>();

    private readonly Dictionary<string, Field> _fieldsByName = [];
    private readonly int _hash;

    internal Schema(SchemaBuilder builder)
    {
        Type = builder.Type;
        IsOptional = builder.IsOptional;
        DefaultValue = builder.DefaultValue;
        Name = builder.Name;
        Version = builder.Version;
        Doc = builder.Doc;
        Parameters = builder.Parameters is { } parameters ? new Dictionary<string, string>(parameters) : NoParameters;
        Fields = [.. builder.Fields];
        KeySchema = builder.KeySchema;
        ValueSchema = builder.ValueSchema;
        foreach (var field in Fields) _fieldsByName.Add(field.Name, field);
        _hash = HashOf();
    }

    /// <summary>Its type.</summary>
    public SchemaType Type { get; }

    /// <summary>Whether null is a value.</summary>
    public bool IsOptional { get; }

    /// <summary>What stands for a value that is missing; null for none.</summary>
    public object? DefaultValue { get; }

    /// <summary>The name of a struct or of a logical type; null for none.</summary>
    public string? Name { get; }

    /// <summary>The version of the named schema; null for none.</summary>
    public int? Version { get; }

    /// <summary>What it is for; null for none.</summary>
    public string? Doc { get; }

    /// <summary>The parameters of a logical type, such as a decimal's scale.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>The fields of a struct in order; empty for other types.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The schema of a map's keys; null for other types.</summary>
    public Schema? KeySchema { get; }

    /// <summary>The schema of a map's values or of an array's elements; null for other types.</summary>
    public Schema? ValueSchema { get; }

    /// <summary>A required 8-bit integer.</summary>
    public static Schema Int8 { get; } = SchemaBuilder.OfType(SchemaType.Int8).Build();

    /// <summary>A required 16-bit integer.</summary>
    public static Schema Int16 { get; } = SchemaBuilder.OfType(SchemaType.Int16).Build();

    /// <summary>A required 32-bit integer.</summary>
    public static Schema Int32 { get; } = SchemaBuilder.OfType(SchemaType.Int32).Build();

    /// <summary>A required 64-bit integer.</summary>
    public static Schema Int64 { get; } = SchemaBuilder.OfType(SchemaType.Int64).Build();

    /// <summary>A required 32-bit float.</summary>
    public static Schema Float32 { get; } = SchemaBuilder.OfType(SchemaType.Float32).Build();

    /// <summary>A required 64-bit float.</summary>
    public static Schema Float64 { get; } = SchemaBuilder.OfType(SchemaType.Float64).Build();

    /// <summary>A required boolean.</summary>
    public static Schema Boolean { get; } = SchemaBuilder.OfType(SchemaType.Boolean).Build();

    /// <summary>A required string.</summary>
    public static Schema String { get; } = SchemaBuilder.OfType(SchemaType.String).Build();

    /// <summary>Required bytes.</summary>
    public static Schema Bytes { get; } = SchemaBuilder.OfType(SchemaType.Bytes).Build();

    /// <summary>An 8-bit integer or null.</summary>
    public static Schema OptionalInt8 { get; } = SchemaBuilder.OfType(SchemaType.Int8).Optional().Build();

    /// <summary>A 16-bit integer or null.</summary>
    public static Schema OptionalInt16 { get; } = SchemaBuilder.OfType(SchemaType.Int16).Optional().Build();

    /// <summary>A 32-bit integer or null.</summary>
    public static Schema OptionalInt32 { get; } = SchemaBuilder.OfType(SchemaType.Int32).Optional().Build();

    /// <summary>A 64-bit integer or null.</summary>
    public static Schema OptionalInt64 { get; } = SchemaBuilder.OfType(SchemaType.Int64).Optional().Build();

    /// <summary>A 32-bit float or null.</summary>
    public static Schema OptionalFloat32 { get; } = SchemaBuilder.OfType(SchemaType.Float32).Optional().Build();

    /// <summary>A 64-bit float or null.</summary>
    public static Schema OptionalFloat64 { get; } = SchemaBuilder.OfType(SchemaType.Float64).Optional().Build();

    /// <summary>A boolean or null.</summary>
    public static Schema OptionalBoolean { get; } = SchemaBuilder.OfType(SchemaType.Boolean).Optional().Build();

    /// <summary>A string or null.</summary>
    public static Schema OptionalString { get; } = SchemaBuilder.OfType(SchemaType.String).Optional().Build();

    /// <summary>Bytes or null.</summary>
    public static Schema OptionalBytes { get; } = SchemaBuilder.OfType(SchemaType.Bytes).Optional().Build();

    /// <summary>The field of that name, or null.</summary>
    public Field? Field(string name) => _fieldsByName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public bool Equals(Schema? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && _hash == other._hash && Type == other.Type && IsOptional == other.IsOptional && Version == other.Version
         && Name == other.Name && Doc == other.Doc && ConnectValues.AreEqual(DefaultValue, other.DefaultValue)
         && Equals(KeySchema, other.KeySchema) && Equals(ValueSchema, other.ValueSchema)
         && Fields.SequenceEqual(other.Fields) && SameParameters(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Schema other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>As Kafka Connect prints it, such as <c>Schema{STRING}</c> or <c>Schema{users:STRUCT}</c>.</summary>
    public override string ToString()
    {
        var type = SchemaTypes.NameOf(Type).ToUpperInvariant();
        return Name is null ? $"Schema{{{type}}}" : $"Schema{{{Name}:{type}}}";
    }

    private bool SameParameters(Schema other) =>
        Parameters.Count == other.Parameters.Count && Parameters.All(pair => other.Parameters.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private int HashOf()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.Add(IsOptional);
        hash.Add(Name);
        hash.Add(Version);
        hash.Add(KeySchema);
        hash.Add(ValueSchema);
        foreach (var field in Fields) hash.Add(field);
        return hash.ToHashCode();
    }
}
