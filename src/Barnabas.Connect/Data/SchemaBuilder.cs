namespace Barnabas.Connect.Data;

/// <summary>Makes a <see cref="Schema"/> step by step. Not thread-safe.</summary>
public sealed class SchemaBuilder
{
    private readonly HashSet<string> _names = [];

    private SchemaBuilder(SchemaType type) => Type = type;

    internal SchemaType Type { get; }

    internal bool IsOptional { get; private set; }

    internal object? DefaultValue { get; private set; }

    internal string? Name { get; private set; }

    internal int? Version { get; private set; }

    internal string? Doc { get; private set; }

    internal Dictionary<string, string>? Parameters { get; private set; }

    internal List<Field> Fields { get; } = [];

    internal Schema? KeySchema { get; private init; }

    internal Schema? ValueSchema { get; private init; }

    /// <summary>A schema of a type without parts.</summary>
    public static SchemaBuilder OfType(SchemaType type) =>
        type is SchemaType.Array or SchemaType.Map ? throw new ArgumentException($"{type} needs the schemas of its parts", nameof(type)) : new(type);

    /// <summary>A struct; add fields with <see cref="Field"/>.</summary>
    public static SchemaBuilder Struct() => new(SchemaType.Struct);

    /// <summary>A list of elements of one schema; null where they are mixed.</summary>
    public static SchemaBuilder Array(Schema? element) => new(SchemaType.Array) { ValueSchema = element };

    /// <summary>Keys of one schema to values of another.</summary>
    public static SchemaBuilder Map(Schema key, Schema value) => new(SchemaType.Map) { KeySchema = key, ValueSchema = value };

    /// <summary>A builder that starts as <paramref name="schema"/> without its fields.</summary>
    public static SchemaBuilder Like(Schema schema)
    {
        var builder = new SchemaBuilder(schema.Type) { KeySchema = schema.KeySchema, ValueSchema = schema.ValueSchema };
        builder.IsOptional = schema.IsOptional;
        builder.DefaultValue = schema.DefaultValue;
        builder.Name = schema.Name;
        builder.Version = schema.Version;
        builder.Doc = schema.Doc;
        builder.Parameters = schema.Parameters.Count == 0 ? null : new Dictionary<string, string>(schema.Parameters);
        return builder;
    }

    /// <summary>Null is a value.</summary>
    public SchemaBuilder Optional(bool isOptional = true)
    {
        IsOptional = isOptional;
        return this;
    }

    /// <summary>What stands for a missing value; checked by <see cref="Build"/>.</summary>
    public SchemaBuilder Default(object? value)
    {
        DefaultValue = value;
        return this;
    }

    /// <summary>The name of the struct or logical type.</summary>
    public SchemaBuilder Named(string? name)
    {
        Name = name;
        return this;
    }

    /// <summary>The version of the named schema.</summary>
    public SchemaBuilder OfVersion(int? version)
    {
        Version = version;
        return this;
    }

    /// <summary>What it is for.</summary>
    public SchemaBuilder Documented(string? doc)
    {
        Doc = doc;
        return this;
    }

    /// <summary>A parameter of the logical type.</summary>
    public SchemaBuilder Parameter(string name, string value)
    {
        (Parameters ??= []).Add(name, value);
        return this;
    }

    /// <summary>Adds a field to a struct.</summary>
    /// <exception cref="DataException">It is not a struct, or has that field already.</exception>
    public SchemaBuilder Field(string name, Schema schema)
    {
        if (Type != SchemaType.Struct) throw new DataException($"Cannot create fields on type {SchemaTypes.NameOf(Type)}");
        if (name.Length == 0) throw new DataException("fieldName cannot be null.");
        if (!_names.Add(name)) throw new DataException($"Cannot create field because of field name duplication {name}");
        Fields.Add(new Field(name, Fields.Count, schema));
        return this;
    }

    /// <summary>The schema.</summary>
    /// <exception cref="DataException">The default value does not fit.</exception>
    public Schema Build()
    {
        var schema = new Schema(this);
        if (DefaultValue is not null)
        {
            try
            {
                ConnectValues.Validate(schema, DefaultValue, "default value");
            }
            catch (DataException error)
            {
                throw new DataException("Invalid default value", error);
            }
        }

        return schema;
    }
}
