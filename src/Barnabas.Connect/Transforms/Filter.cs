using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Drops every record: of use with a predicate.</summary>
public sealed class Filter : ITransformation
{
    private static readonly ConfigDef Definition = new();

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record) => null;
}
