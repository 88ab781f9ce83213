using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Configs;

/// <summary>kafka-configs: configurations of topics, brokers, groups and client metrics subscriptions.</summary>
internal sealed class ConfigsVerb : Verb
{
    private readonly ConfigsOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments, [_all.Describe]) is not { } options)
            return 0;
        var entity = _all.Check(options, arguments);
        var type = entity.Types[0];
        var name = entity.Names.Count > 0 ? entity.Names[0] : null;
        await using var admin = Clients.Admin(options.ValueOf(_all.BootstrapServer), options.ValueOf(_all.CommandConfig), options.ValueOf(_all.BootstrapController));
        try
        {
            if (type is "users" or "clients" or "ips")
                await UsersAsync(context, admin, entity, options);
            else if (options.Has(_all.Alter))
                await AlterAsync(context, admin, options, type, name!);
            else
                await DescribeAllAsync(context, admin, type, name, options.Has(_all.All));
            return 0;
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            throw new VerbException($"Error while executing config command with args '{string.Join(' ', arguments.Select(Shown))}': {error.Message}");
        }
    }

    /// <summary>An argument as it may be told: passwords and logins stay out of messages, which end up in logs.</summary>
    private static string Shown(string argument) =>
        argument.Contains("password", StringComparison.OrdinalIgnoreCase) || argument.Contains("jaas", StringComparison.OrdinalIgnoreCase) ? "[hidden]" : argument;

    private static async Task<IReadOnlyList<string>> EntitiesAsync(VerbContext context, AdminClient admin, string type) => type switch
    {
        "topics" => (await admin.ListTopicsAsync(includeInternal: true, cancellationToken: context.Stop)).Select(topic => topic.Name).Order(StringComparer.Ordinal).ToList(),
        "brokers" => [.. await BrokersAsync(context, admin), ""],
        "broker-loggers" => await BrokersAsync(context, admin),
        "groups" => (await admin.ListConfigResourcesAsync([ConfigResourceType.Group], cancellationToken: context.Stop)).Select(group => group.Name).ToList(),
        _ => (await admin.ListConfigResourcesAsync([ConfigResourceType.ClientMetrics], cancellationToken: context.Stop)).Select(resource => resource.Name).ToList(),
    };

    private static async Task<List<string>> BrokersAsync(VerbContext context, AdminClient admin) =>
        (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).Nodes.Select(node => node.Id.ToString(CultureInfo.InvariantCulture)).ToList();

    private static async Task DescribeAllAsync(VerbContext context, AdminClient admin, string type, string? name, bool isAll)
    {
        var entities = await EntitiesAsync(context, admin, type);
        if (!isAll && name is { Length: > 0 } && type is not ("brokers" or "broker-loggers") && !entities.Contains(name))
        {
            (context.Listing is null ? context.Out : context.Error).WriteLine($"The {Singular(type)} '{name}' doesn't exist and doesn't have dynamic config.");
            return;
        }

        foreach (var each in name is null ? entities : [name])
            await DescribeAsync(context, admin, type, each, isAll);
    }

    private static async Task DescribeAsync(VerbContext context, AdminClient admin, string type, string entity, bool isAll)
    {
        var resource = new ConfigResource(ResourceType(type), entity);
        var entries = (await admin.DescribeConfigsAsync([resource], includeSynonyms: true, cancellationToken: context.Stop))[resource].Value;
        if (context.Listing is null)
        {
            context.Out.WriteLine(entity.Length == 0
                ? $"Default configs for {type} in the cluster are:"
                : $"{(isAll ? "All" : "Dynamic")} configs for {Singular(type)} {entity} are:");
        }

        foreach (var entry in entries.Where(entry => isAll || Source(type, entity) is not { } source || entry.Source == source).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (context.Listing is { } listing)
            {
                listing.Add(json => ConfigJson.Write(json, type, entity, entry, SourceName));
                continue;
            }

            var synonyms = string.Join(", ", entry.Synonyms.Select(synonym => $"{SourceName(synonym.Source)}:{synonym.Name}={synonym.Value ?? "null"}"));
            context.Out.WriteLine($"  {entry.Name}={entry.Value ?? "null"} sensitive={(entry.IsSensitive ? "true" : "false")} synonyms={{{synonyms}}}");
        }
    }

    private async Task UsersAsync(VerbContext context, AdminClient admin, ConfigsEntity entity, OptionSet options)
    {
        var quotas = new QuotaConfigs(admin, entity);
        var credentials = new ScramConfigs(admin, entity);
        if (options.Has(_all.Describe))
        {
            await quotas.DescribeAsync(context);
            await credentials.DescribeAsync(context);
            return;
        }
        if (ScramConfigs.IsAbout(Added(options).Keys.Concat(Deleted(options))))
        {
            await credentials.AlterAsync(context, Added(options), Deleted(options));
            return;
        }
        await quotas.AlterAsync(context, Added(options), Deleted(options));
    }

    private List<string> Deleted(OptionSet options) =>
        [.. options.ValuesOf(_all.DeleteConfig).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))];

    private async Task AlterAsync(VerbContext context, AdminClient admin, OptionSet options, string type, string entity)
    {
        var changes = new List<AlterConfig>();
        foreach (var (key, value) in Added(options))
            changes.Add(new AlterConfig(key, AlterConfigOperation.Set, value));
        foreach (var key in Deleted(options))
            changes.Add(new AlterConfig(key, AlterConfigOperation.Delete, ""));
        var resource = new ConfigResource(ResourceType(type), entity);
        await EnsureThereAsync(context, admin, type, resource, Deleted(options), Added(options).Keys);
        var outcomes = await admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, IReadOnlyList<AlterConfig>> { [resource] = changes }, cancellationToken: context.Stop);
        _ = outcomes[resource].Value;
        context.Out.WriteLine(entity.Length == 0
            ? $"Completed updating default config for {type} in the cluster."
            : $"Completed updating config for {Singular(type)} {entity}.");
    }

    private static async Task EnsureThereAsync(
        VerbContext context, AdminClient admin, string type, ConfigResource resource, List<string> deleted, IEnumerable<string> added)
    {
        if (deleted.Count == 0 && type != "broker-loggers")
            return;
        var entries = (await admin.DescribeConfigsAsync([resource], cancellationToken: context.Stop))[resource].Value;
        var known = entries.Where(entry => Source(type, resource.Name) is not { } source || entry.Source == source).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var wanted = type == "broker-loggers" ? deleted.Concat(added) : deleted;
        List<string> missing = [.. wanted.Where(name => !known.Contains(name))];
        if (missing.Count > 0)
            throw new VerbException($"Invalid {(type == "broker-loggers" ? "broker logger(s)" : "config(s)")}: {string.Join(',', missing)}");
    }

    private Dictionary<string, string> Added(OptionSet options)
    {
        var configs = Clients.LoadProperties(options.ValueOf(_all.AddConfigFile));
        foreach (var pair in options.ValuesOf(_all.AddConfig).SelectMany(BracketedList.Split))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                throw new VerbException("requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\".");
            configs[pair[..equals].Trim()] = pair[(equals + 1)..].Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Trim();
        }

        foreach (var key in configs.Keys)
            if (key.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '_' or '-')))
                throw new VerbException($"Invalid character found for config key: {key}");
        return configs;
    }

    private static ConfigResourceType ResourceType(string type) => type switch
    {
        "topics" => ConfigResourceType.Topic,
        "brokers" => ConfigResourceType.Broker,
        "broker-loggers" => ConfigResourceType.BrokerLogger,
        "groups" => ConfigResourceType.Group,
        _ => ConfigResourceType.ClientMetrics,
    };

    private static ConfigEntrySource? Source(string type, string entity) => type switch
    {
        "topics" => ConfigEntrySource.DynamicTopicConfig,
        "brokers" => entity.Length == 0 ? ConfigEntrySource.DynamicDefaultBrokerConfig : ConfigEntrySource.DynamicBrokerConfig,
        "groups" => ConfigEntrySource.DynamicGroupConfig,
        "client-metrics" => ConfigEntrySource.DynamicClientMetricsConfig,
        _ => null,
    };

    private static string Singular(string type) => type == "client-metrics" ? "client-metric" : type[..^1];

    private static string SourceName(ConfigEntrySource source) => source switch
    {
        ConfigEntrySource.DynamicTopicConfig => "DYNAMIC_TOPIC_CONFIG",
        ConfigEntrySource.DynamicBrokerConfig => "DYNAMIC_BROKER_CONFIG",
        ConfigEntrySource.DynamicDefaultBrokerConfig => "DYNAMIC_DEFAULT_BROKER_CONFIG",
        ConfigEntrySource.StaticBrokerConfig => "STATIC_BROKER_CONFIG",
        ConfigEntrySource.DefaultConfig => "DEFAULT_CONFIG",
        ConfigEntrySource.DynamicBrokerLoggerConfig => "DYNAMIC_BROKER_LOGGER_CONFIG",
        ConfigEntrySource.DynamicClientMetricsConfig => "DYNAMIC_CLIENT_METRICS_CONFIG",
        ConfigEntrySource.DynamicGroupConfig => "DYNAMIC_GROUP_CONFIG",
        _ => "UNKNOWN",
    };
}
