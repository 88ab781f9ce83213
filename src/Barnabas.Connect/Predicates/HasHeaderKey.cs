using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Predicates;

/// <summary>Records with at least one header of a name.</summary>
public sealed class HasHeaderKey : IPredicate
{
    private static readonly ConfigDef Definition = new ConfigDef().Define(new("name", ConfigType.String)
    {
        Validator = ConfigValidators.NonEmptyText,
        Documentation = "The name of the header.",
    });

    private string _name = "";

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs) => _name = Definition.Parse(configs).GetString("name");

    /// <inheritdoc/>
    public bool Test(ConnectRecord record) => record.Headers.Last(_name) is not null;
}
