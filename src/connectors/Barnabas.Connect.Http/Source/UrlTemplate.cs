using System.Text.RegularExpressions;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Http.Source;

/// <summary>
/// Text with places to fill: <c>${offset}</c> is where reading goes on, any other <c>{Name}</c> or <c>${name}</c> is
/// the entity, such as <c>http://host/{DeviceId}/</c>.
/// </summary>
internal sealed partial class UrlTemplate(string text)
{
    public static ConfigValidator Validator { get; } = new UrlValidator();

    /// <summary>The template as it was given.</summary>
    public string Text => text;

    public bool HasEntity => Place().Matches(text).Any(match => !IsOffset(match));

    /// <summary>The text filled; in a URL, values are escaped.</summary>
    public string Fill(string entity, string offset, bool isUrl) =>
        Place().Replace(text, match =>
        {
            var value = IsOffset(match) ? offset : entity;
            return isUrl ? Uri.EscapeDataString(value) : value;
        });

    private static bool IsOffset(Match match) => match.Value == "${offset}";

    [GeneratedRegex(@"\$?\{[A-Za-z0-9_.-]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    private sealed class UrlValidator : ConfigValidator
    {
        public override void EnsureValid(string name, object? value)
        {
            var filled = new UrlTemplate((string?)value ?? "").Fill("1", "1", isUrl: true);
            if (!Uri.TryCreate(filled, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                throw new ConfigException(name, value, "must be an http or https URL");
        }

        public override string Describe() => "an http or https URL";
    }
}
