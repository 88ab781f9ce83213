using System.Text.RegularExpressions;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Predicates;

/// <summary>Records whose whole topic name matches a pattern.</summary>
public sealed class TopicNameMatches : IPredicate
{
    private static readonly ConfigDef Definition = new ConfigDef().Define(new("pattern", ConfigType.String)
    {
        Validator = new JavaPatternValidator(),
        Documentation = "The regular expression that the whole name must match.",
    });

    private Regex _pattern = new("");

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs) =>
        _pattern = JavaPatternValidator.Whole(Definition.Parse(configs).GetString("pattern"));

    /// <inheritdoc/>
    public bool Test(ConnectRecord record) => _pattern.IsMatch(record.Topic);
}
