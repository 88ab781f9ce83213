using Barnabas.Connect.Config;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Predicates;

/// <summary>Records without a value.</summary>
public sealed class RecordIsTombstone : IPredicate
{
    private static readonly ConfigDef Definition = new();

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
    }

    /// <inheritdoc/>
    public bool Test(ConnectRecord record) => record.Value is null;
}
