using System.Text;
using Barnabas.Connect.Data;
using Barnabas.Connect.Json;

namespace Barnabas.Connect.Converters;

/// <summary>The names of structs' fields as JSON has them. Keeps those of a number of schemas; for one thread.</summary>
internal sealed class FieldNames
{
    private const int MostSchemas = 1000;

    private readonly Dictionary<Schema, Entry[]> _known = [];
    private Schema? _last;
    private Entry[] _lastNames = [];

    public Entry[] Of(Schema schema)
    {
        if (ReferenceEquals(schema, _last)) return _lastNames;
        if (!_known.TryGetValue(schema, out var names))
        {
            if (_known.Count >= MostSchemas) _known.Clear();
            _known[schema] = names = [.. schema.Fields.Select(field => new Entry(Encoding.UTF8.GetBytes(field.Name), Quote(field.Name)))];
        }

        _last = schema;
        return _lastNames = names;
    }

    private static byte[] Quote(string name)
    {
        var json = new JsonText();
        json.Name(name);
        return json.Written.ToArray();
    }

    /// <summary>A field's name.</summary>
    /// <param name="Plain">In UTF-8.</param>
    /// <param name="Quoted">Quoted and escaped, with the colon.</param>
    internal readonly record struct Entry(byte[] Plain, byte[] Quoted);
}
