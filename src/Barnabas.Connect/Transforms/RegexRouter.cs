using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Renames the topic where its whole name matches a pattern.</summary>
public sealed class RegexRouter : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("regex", ConfigType.String) { Validator = new JavaPatternValidator(), Importance = ConfigImportance.High, Documentation = "The regular expression that the whole name must match." })
        .Define(new("replacement", ConfigType.String) { Importance = ConfigImportance.High, Documentation = "The new name; $1 stands for the first group." });

    private System.Text.RegularExpressions.Regex _pattern = new("");
    private string _replacement = "";

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _pattern = JavaPatternValidator.Whole(values.GetString("regex"));
        _replacement = JavaReplacement(values.GetString("replacement"));
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record) =>
        _pattern.Match(record.Topic) is { Success: true } match ? record with { Topic = match.Result(_replacement) } : record;

    // Java escapes with a backslash and ends $1 at the first character that is no digit of a group there is; .NET wants ${1}.
    private static string JavaReplacement(string text)
    {
        var result = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) result.Append(text[++i] == '$' ? "$$" : text[i].ToString());
            else if (text[i] == '$' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])) result.Append("${").Append(text[++i]).Append('}');
            else result.Append(text[i]);
        }

        return result.ToString();
    }
}
