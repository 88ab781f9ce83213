using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Replaces fields by zero, empty text, or a replacement.</summary>
public sealed class MaskField(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("fields", ConfigType.List) { Importance = ConfigImportance.High, Documentation = "The fields to mask." })
        .Define(new("replacement", ConfigType.String) { Default = null, Importance = ConfigImportance.Low, Documentation = "What stands in their place: text or a number." })
        .Define(FieldPath.ReplaceNullKey);

    private HashSet<string> _fields = [];
    private string? _replacement;
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _fields = [.. values.GetList("fields")];
        if (_fields.Count == 0) throw new ConfigException("fields", "[]", "Empty list");
        _replacement = values.FindString("replacement");
        if (_replacement is "") throw new ConfigException("replacement", "", "String must be non-empty");
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (value is null) return record;
        if (schema is null)
        {
            var map = new Dictionary<object, object?>(RecordParts.RequireMap(value, "mask fields"));
            foreach (var name in _fields)
                if (map.TryGetValue(name, out var old)) map[name] = Masked(old);
            return record.With(part, null, map);
        }

        var structure = RecordParts.RequireStruct(value, "mask fields");
        var masked = new Struct(structure.Schema);
        foreach (var field in structure.Schema.Fields)
        {
            var old = _replacesNull ? structure.Get(field) : structure.GetWithoutDefault(field);
            masked.Put(field, _fields.Contains(field.Name) ? Masked(old) : old);
        }

        return record.With(part, schema, masked);
    }

    private object? Masked(object? value)
    {
        if (value is null) return null;
        if (_replacement is not null)
        {
            if (value is string) return _replacement;
            if (value is sbyte or short or int or long or float or double) return Replaced(value, _replacement);
            if (value is BigDecimal) return BigDecimal.Parse(_replacement);
            throw new DataException($"Cannot mask value of type {value.GetType().Name} with custom replacement.");
        }

        return value switch
        {
            sbyte => (sbyte)0,
            short => (short)0,
            int => 0,
            long => 0L,
            float => 0f,
            double => 0d,
            bool => false,
            string => "",
            DateTime => DateTime.UnixEpoch,
            BigDecimal number => new BigDecimal(0, number.Scale),
            IReadOnlyDictionary<object, object?> => new Dictionary<object, object?>(),
            IReadOnlyList<object?> => new List<object?>(),
            _ => throw new DataException($"Cannot mask value of type: {value.GetType().Name}"),
        };
    }

    private static object Replaced(object value, string replacement)
    {
        try
        {
            return Convert.ChangeType(replacement, value.GetType(), CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new DataException($"Unable to convert {replacement} ({value.GetType().Name}) to number", error);
        }
    }
}
