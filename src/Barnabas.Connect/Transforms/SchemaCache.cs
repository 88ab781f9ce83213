using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Changed schemas by the schema they were made from; bounded. For one task.</summary>
internal sealed class SchemaCache
{
    private const int Limit = 16;

    private readonly Dictionary<Schema, Schema> _known = [];

    public Schema Get(Schema schema, Func<Schema, Schema> make)
    {
        if (_known.TryGetValue(schema, out var made)) return made;
        if (_known.Count >= Limit) _known.Clear();
        return _known[schema] = make(schema);
    }
}
