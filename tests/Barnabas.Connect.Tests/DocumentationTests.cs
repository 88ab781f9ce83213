using System.Text;
using System.Text.RegularExpressions;
using Barnabas.Connect.Config;
using Barnabas.Connect.File;
using Barnabas.Connect.Http;
using Barnabas.Connect.Jdbc;
using Barnabas.Connect.Mqtt;
using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.Tests;

/// <summary>The tables of keys in docs/connect.md are what the connectors define.</summary>
public sealed partial class DocumentationTests
{
    private static readonly PluginCatalog Plugins = new([.. FilePlugins.All, .. HttpPlugins.All, .. JdbcPlugins.All, .. MqttPlugins.All]);

    [Fact]
    public void The_tables_of_keys_are_written_from_the_definitions()
    {
        var path = Path.Combine(Root(), "docs", "connect.md");
        var text = System.IO.File.ReadAllText(path);
        var seen = new HashSet<string>();
        var written = Section().Replace(text, match =>
        {
            seen.Add(match.Groups["name"].Value);
            return $"<!-- keys: {match.Groups["name"].Value} -->\n{Table(match.Groups["name"].Value)}<!-- end -->";
        });
        Assert.Empty(Plugins.Connectors.Select(plugin => plugin.ClassName).Except(seen));
        if (Environment.GetEnvironmentVariable("BARNABAS_UPDATE") == "1") System.IO.File.WriteAllText(path, written);
        else Assert.True(written == text, "docs/connect.md's tables of keys are old: run this test with BARNABAS_UPDATE=1");
    }

    private static string Table(string name)
    {
        var definition = name switch
        {
            "every source" => ConnectorKeys.Source,
            "every sink" => ConnectorKeys.Sink,
            _ => Plugins.FindConnector(name)!.Create().Config,
        };
        var heading = name.StartsWith("every", StringComparison.Ordinal) ? name : name[(name.LastIndexOf('.') + 1)..];
        var table = new StringBuilder($"| {heading} | default | |\n|---|---|---|\n");
        foreach (var key in definition.Keys)
        {
            var standard = key.IsRequired ? "(required)" : string.IsNullOrEmpty(key.Default) ? "" : $"`{key.Default}`";
            table.Append($"| `{key.Name}` | {standard} | {Escape(key.Documentation)} |\n");
        }

        return table.ToString();
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "Barnabas.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not stand in the repository.");
        return folder;
    }

    [GeneratedRegex(@"<!-- keys: (?<name>[^>]+?) -->\n.*?<!-- end -->", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Section();
}
