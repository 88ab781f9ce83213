using System.Text;

namespace Barnabas.Connect.Data;

/// <summary>Values for the fields of a struct schema. Not thread-safe while it is filled.</summary>
public sealed class Struct : IEquatable<Struct>
{
    private readonly object?[] _values;

    /// <summary>With every field unset.</summary>
    /// <exception cref="DataException">The schema is not a struct's.</exception>
    public Struct(Schema schema)
    {
        if (schema.Type != SchemaType.Struct) throw new DataException("Not a struct schema: " + schema);
        Schema = schema;
        _values = new object?[schema.Fields.Count];
    }

    /// <summary>Its fields.</summary>
    public Schema Schema { get; }

    /// <summary>The value of a field; its default where it is unset.</summary>
    /// <exception cref="DataException">There is no such field.</exception>
    public object? Get(string name) => Get(Lookup(name));

    /// <summary>The value of a field; its default where it is unset.</summary>
    public object? Get(Field field) => _values[field.Index] ?? field.Schema.DefaultValue;

    /// <summary>The value of a field, null where it is unset.</summary>
    public object? GetWithoutDefault(Field field) => _values[field.Index];

    /// <summary>Sets a field.</summary>
    /// <exception cref="DataException">There is no such field, or the value does not fit its schema.</exception>
    public Struct Put(string name, object? value) => Put(Lookup(name), value);

    /// <summary>Sets a field.</summary>
    /// <exception cref="DataException">The value does not fit its schema.</exception>
    public Struct Put(Field field, object? value)
    {
        ConnectValues.Validate(field.Schema, value, field.Name);
        _values[field.Index] = value;
        return this;
    }

    /// <summary>Checks that each required field has a value.</summary>
    /// <exception cref="DataException">One has none.</exception>
    public void Validate()
    {
        foreach (var field in Schema.Fields)
        {
            if (_values[field.Index] is null && !field.Schema.IsOptional && field.Schema.DefaultValue is null)
                throw new DataException($"Invalid value: null used for required field: \"{field.Name}\", schema type: {SchemaTypes.NameOf(field.Schema.Type).ToUpperInvariant()}");
        }
    }

    /// <inheritdoc/>
    public bool Equals(Struct? other) =>
        other is not null && Schema.Equals(other.Schema) && _values.AsSpan().SequenceEqual(other._values, ConnectValueComparer.Instance);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Struct);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Schema, _values.Length == 0 ? 0 : ConnectValueComparer.Instance.GetHashCode(_values[0]));

    /// <summary>As Kafka Connect prints it: <c>Struct{id=1,name=a}</c>, without the fields that are unset.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("Struct{");
        var isFirst = true;
        foreach (var field in Schema.Fields)
        {
            if (_values[field.Index] is not { } value) continue;
            if (!isFirst) text.Append(',');
            isFirst = false;
            text.Append(field.Name).Append('=').Append(value);
        }

        return text.Append('}').ToString();
    }

    private Field Lookup(string name) => Schema.Field(name) ?? throw new DataException(name + " is not a valid field name");
}
