using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Removes headers by name.</summary>
public sealed class DropHeaders : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef().Define(new("headers", ConfigType.List)
    {
        Importance = ConfigImportance.High,
        Documentation = "The names of the headers to remove.",
    });

    private HashSet<string> _names = [];

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs) => _names = [.. Definition.Parse(configs).GetList("headers")];

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record) => record with { Headers = record.Headers.Without(header => _names.Contains(header.Key)) };
}
