using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Transforms;
using Barnabas.Connect.Worker;

namespace Barnabas.Connect.Herding;

/// <summary>What <c>PUT /connector-plugins/NAME/config/validate</c> says: each key with its definition and value.</summary>
/// <param name="Name">The connector's class.</param>
/// <param name="Groups">The headings.</param>
/// <param name="Keys">The keys with their values.</param>
public sealed record ValidationResult(string Name, IReadOnlyList<string> Groups, IReadOnlyList<(ConnectKey Key, ValidatedValue Value)> Keys)
{
    /// <summary>How many values are not valid.</summary>
    public int ErrorCount => Keys.Sum(entry => entry.Value.Errors.Count);
}

/// <summary>Checks connectors' configurations.</summary>
public static class ConnectorValidation
{
    /// <summary>Checks all keys of a configuration: the connector's own, every connector's, converters, transforms and clients' settings.</summary>
    /// <exception cref="RestException">The connector's class is missing or not known.</exception>
    public static ValidationResult Validate(PluginCatalog plugins, IReadOnlyDictionary<string, string> configs, ClientOverridePolicy overrides, bool isExactlyOnce)
    {
        if (!configs.TryGetValue("connector.class", out var className))
            throw new RestException(400, "Connector config {" + string.Join(", ", configs.Select(pair => $"{pair.Key}={pair.Value}")) + "} contains no connector type");
        var plugin = plugins.FindConnector(className)
            ?? throw new RestException(400, $"Failed to find any class that implements Connector and which name matches {className}, available connectors are: {string.Join(", ", plugins.Connectors.Select(p => p.ClassName))}");
        var common = plugin.IsSource ? ConnectorKeys.Source : ConnectorKeys.Sink;
        var connector = plugin.Create();
        var entries = new List<(ConnectKey, ValidatedValue)>();
        Add(entries, common, configs);
        AddBuildingBlocks(entries, plugins, configs);
        var own = new ConfigDef();
        foreach (var key in connector.Config.Keys.Where(key => common.Find(key.Name) is null)) own.Define(key);
        Add(entries, own, configs);
        AddOverrides(entries, overrides, configs);
        foreach (var (name, error) in Together(plugin, connector, configs)) AddError(entries, name, error);
        if (connector is Sdk.SourceConnector source)
            foreach (var (name, error) in ExactlyOnceValidation.Check(source, configs, isExactlyOnce)) AddError(entries, name, error);
        var groups = common.Groups.Concat(own.Groups).Distinct().ToList();
        return new ValidationResult(plugin.ClassName, groups, entries);
    }

    private static void Add(List<(ConnectKey, ValidatedValue)> entries, ConfigDef definition, IReadOnlyDictionary<string, string> configs) =>
        entries.AddRange(definition.Keys.Zip(definition.Validate(configs)));

    // Converters and transforms are made as the task would make them: what they refuse stands at their key.
    private static void AddBuildingBlocks(List<(ConnectKey Key, ValidatedValue Value)> entries, PluginCatalog plugins, IReadOnlyDictionary<string, string> configs)
    {
        foreach (var name in (string[])["key.converter", "value.converter"])
            Try(entries, name, () =>
            {
                if (configs.TryGetValue(name, out var className))
                    plugins.CreateConverter(name, className).Configure(TransformationChain.Below(configs, name + "."), name[0] == 'k');
            });
        Try(entries, "header.converter", () =>
        {
            if (configs.TryGetValue("header.converter", out var className))
                plugins.CreateHeaderConverter("header.converter", className).Configure(TransformationChain.Below(configs, "header.converter."));
        });
        Try(entries, "transforms", () => TransformationChain.Create(configs, plugins));
    }

    // Each setting of a client that the connector changes stands in the answer, with what that client says of it.
    private static void AddOverrides(List<(ConnectKey Key, ValidatedValue Value)> entries, ClientOverridePolicy policy, IReadOnlyDictionary<string, string> configs)
    {
        foreach (var (prefix, definition) in ClientOverridePolicy.Clients)
        {
            foreach (var (setting, value) in TransformationChain.Below(configs, prefix))
            {
                var name = prefix + setting;
                _ = definition.TryGet(setting, out var key);
                var shown = new ConnectKey(name, key?.Type ?? ConfigType.String)
                {
                    Default = key?.Default,
                    Importance = key?.Importance ?? ConfigImportance.Medium,
                    Documentation = key?.Documentation ?? "",
                };
                entries.Add((shown, new ValidatedValue(name, value, [], policy.Refusal(setting) is { } refusal ? [refusal] : [])));
                Try(entries, name, () => key?.Parse(value));
            }
        }
    }

    private static void Try(List<(ConnectKey Key, ValidatedValue Value)> entries, string name, Action check)
    {
        try
        {
            check();
        }
        catch (ConfigException error)
        {
            AddError(entries, name, error.Message);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Together(ConnectorPlugin plugin, Sdk.Connector connector, IReadOnlyDictionary<string, string> configs)
    {
        if (!plugin.IsSource)
        {
            var hasTopics = configs.GetValueOrDefault("topics", "").Trim().Length > 0;
            var hasPattern = configs.GetValueOrDefault("topics.regex", "").Trim().Length > 0;
            if (!hasTopics && !hasPattern)
            {
                yield return new("topics", "Must configure one of topics or topics.regex");
                yield return new("topics.regex", "Must configure one of topics or topics.regex");
            }
            else if (hasTopics && hasPattern)
            {
                yield return new("topics", "topics and topics.regex are mutually exclusive options, but both are set.");
                yield return new("topics.regex", "topics and topics.regex are mutually exclusive options, but both are set.");
            }
        }

        foreach (var error in connector.ValidateTogether(configs)) yield return error;
    }

    private static void AddError(List<(ConnectKey Key, ValidatedValue Value)> entries, string name, string error)
    {
        var at = entries.FindIndex(entry => entry.Key.Name == name);
        if (at >= 0) entries[at] = (entries[at].Key, entries[at].Value with { Errors = [.. entries[at].Value.Errors, error] });
        else entries.Add((new ConnectKey(name, ConfigType.String) { Documentation = "Not a key of this connector." }, new ValidatedValue(name, null, [], [error])));
    }
}
