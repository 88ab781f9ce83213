using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.Configs;

/// <summary>The options of kafka-configs.</summary>
internal sealed class ConfigsOptions
{
    private static readonly string[] Types = ["topics", "clients", "users", "brokers", "ips", "client-metrics", "groups", "broker-loggers"];

    private readonly OptionSpec _entityType;
    private readonly OptionSpec _entityName;
    private readonly OptionSpec _entityDefault;
    private readonly (OptionSpec Option, string Type)[] _shortcuts;
    private readonly OptionSpec _brokerDefaults;

    public ConfigsOptions()
    {
        var parser = Parser;
        BootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "The servers to connect to.");
        BootstrapController = parser.Value("bootstrap-controller", "String: controller to connect to", "The controllers to connect to.");
        CommandConfig = parser.Value("command-config", "String: command config property file", "Properties of the admin client.");
        Alter = parser.Flag("alter", "Change configurations.");
        Describe = parser.Flag("describe", "Show configurations.");
        All = parser.Flag("all", "Show all configurations, not only those that are set.");
        _entityType = parser.Value("entity-type", "String", $"What has the configurations: {string.Join('/', Types)}.");
        _entityName = parser.Value("entity-name", "String", "Its name.");
        _entityDefault = parser.Flag("entity-default", "The default of all of the type.");
        AddConfig = parser.Value("add-config", "String", "Configurations to set, as k1=v1,k2=[v1,v2].");
        AddConfigFile = parser.Value("add-config-file", "String", "A file of configurations to set.");
        DeleteConfig = parser.Value("delete-config", "String", "Names of configurations to unset, divided by commas.");
        _shortcuts =
        [
            (parser.Value("topic", "String", "The topic."), "topics"),
            (parser.Value("broker", "String", "The broker's id."), "brokers"),
            (parser.Value("broker-logger", "String", "The id of the broker whose loggers."), "broker-loggers"),
            (parser.Value("client", "String", "The client's id."), "clients"),
            (parser.Value("user", "String", "The user."), "users"),
            (parser.Value("ip", "String", "The address."), "ips"),
            (parser.Value("client-metrics", "String", "The client metrics subscription."), "client-metrics"),
            (parser.Value("group", "String", "The group."), "groups"),
        ];
        _brokerDefaults = parser.Flag("broker-defaults", "The default of all brokers.");
    }

    public OptionParser Parser { get; } = new("Shows and changes configurations of topics, brokers, groups and client metrics subscriptions.");

    public OptionSpec BootstrapServer { get; }

    public OptionSpec BootstrapController { get; }

    public OptionSpec CommandConfig { get; }

    public OptionSpec Alter { get; }

    public OptionSpec Describe { get; }

    public OptionSpec All { get; }

    public OptionSpec AddConfig { get; }

    public OptionSpec AddConfigFile { get; }

    public OptionSpec DeleteConfig { get; }

    /// <summary>Fails where options do not go together; gives the type and name of what has the configurations, the name null for all and empty for the default.</summary>
    public (string Type, string? Name) Check(OptionSet options)
    {
        if (options.Has(Alter) == options.Has(Describe))
            throw new VerbException("Command must include exactly one action: --describe, --alter");
        options.Forbid(Alter, All, Describe);
        options.Forbid(Describe, AddConfig, AddConfigFile, DeleteConfig);
        var (type, name) = Entity(options);
        if (!options.Has(BootstrapServer) && !options.Has(BootstrapController))
            throw new VerbException("Either --bootstrap-server or --bootstrap-controller must be specified.");
        if (options.Has(Alter))
        {
            if (name is null)
                throw new VerbException("An entity-name or default entity must be specified with --alter of " + type);
            if (!options.Has(AddConfig) && !options.Has(AddConfigFile) && !options.Has(DeleteConfig))
                throw new VerbException("At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter");
            options.Forbid(AddConfig, AddConfigFile);
        }

        if (type is "clients" or "users" or "ips")
            throw new VerbException($"Barnabas has no quotas and credentials yet: configurations of {type} cannot be shown or changed");
        if (type is "brokers" or "broker-loggers" && name is { Length: > 0 } && !int.TryParse(name, out _))
            throw new VerbException($"The entity name for {type} must be a valid integer broker id, but it is: {name}");
        return (type, name);
    }

    private (string Type, string? Name) Entity(OptionSet options)
    {
        foreach (var (option, type) in _shortcuts)
            if (options.Has(option))
                return (type, options.Required(option));
        if (options.Has(_brokerDefaults))
            return ("brokers", "");
        if (!options.Has(_entityType))
            throw new VerbException("At least one entity type must be specified");
        var named = options.Required(_entityType);
        if (!Types.Contains(named))
            throw new VerbException($"Invalid entity type {named}, the entity type must be one of {string.Join(", ", Types)} with a --bootstrap-server or --bootstrap-controller argument");
        return (named, options.Has(_entityDefault) ? "" : options.ValueOf(_entityName));
    }
}
