using System.Text.RegularExpressions;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Http.Sink;

/// <summary>A URL with <c>${topic}</c> and <c>${key}</c>.</summary>
internal static partial class SinkUrl
{
    public static ConfigValidator Validator { get; } = new UrlValidator();

    /// <summary>The URL for a record; the text of names and keys is escaped.</summary>
    public static string For(string template, SinkRecord record) => Fill(template, record.Topic, record.Key switch
    {
        null => "",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        { } key => ValueText.Of(key),
    });

    private static string Fill(string template, string topic, string key) =>
        Place().Replace(template, match => Uri.EscapeDataString(match.Value == "${topic}" ? topic : key));

    [GeneratedRegex(@"\$\{(topic|key)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    private sealed class UrlValidator : ConfigValidator
    {
        public override void EnsureValid(string name, object? value)
        {
            if (!Uri.TryCreate(Fill((string?)value ?? "", "t", "k"), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                throw new ConfigException(name, value, "must be an http or https URL");
        }

        public override string Describe() => "an http or https URL";
    }
}
