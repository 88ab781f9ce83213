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
    private readonly (OptionSpec Option, string Type)[] _defaults;

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
        _defaults =
        [
            (parser.Flag("client-defaults", "The default of all clients."), "clients"),
            (parser.Flag("user-defaults", "The default of all users."), "users"),
            (parser.Flag("broker-defaults", "The default of all brokers."), "brokers"),
            (parser.Flag("ip-defaults", "The default of all addresses."), "ips"),
        ];
        parser.Flag("force", "Asks nothing; this tool never does.");
    }

    public OptionParser Parser { get; } = new("Shows and changes configurations of topics, brokers, broker loggers, groups and client metrics subscriptions, and quotas of users, clients and addresses.");

    public OptionSpec BootstrapServer { get; }

    public OptionSpec BootstrapController { get; }

    public OptionSpec CommandConfig { get; }

    public OptionSpec Alter { get; }

    public OptionSpec Describe { get; }

    public OptionSpec All { get; }

    public OptionSpec AddConfig { get; }

    public OptionSpec AddConfigFile { get; }

    public OptionSpec DeleteConfig { get; }

    /// <summary>
    /// Fails where options do not go together; gives what has the configurations: types, and their names in the same order, as many as
    /// are named. The empty name is the default of the type.
    /// </summary>
    public ConfigsEntity Check(OptionSet options, IReadOnlyList<string> arguments)
    {
        if (options.Has(Alter) == options.Has(Describe))
            throw new VerbException("Command must include exactly one action: --describe, --alter");
        options.Forbid(Alter, All, Describe);
        options.Forbid(Describe, AddConfig, AddConfigFile, DeleteConfig);
        var entity = Entity(options, arguments);
        CheckTypes(options, entity.Types);
        if (options.Has(BootstrapServer) == options.Has(BootstrapController))
            throw new VerbException(options.Has(BootstrapServer)
                ? "Only one of --bootstrap-server or --bootstrap-controller can be specified."
                : "Either --bootstrap-server or --bootstrap-controller must be specified.");
        CheckNames(options, entity);
        if (!options.Has(Alter))
            return entity;
        if (options.Has(AddConfig) && options.Has(AddConfigFile))
            throw new VerbException("Only one of --add-config or --add-config-file must be specified");
        if (!options.Has(AddConfig) && !options.Has(AddConfigFile) && !options.Has(DeleteConfig))
            throw new VerbException("At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter");
        return entity.Types.Count == entity.Names.Count ? entity : throw new VerbException("An entity name must be specified for every entity type");
    }

    private void CheckTypes(OptionSet options, IReadOnlyList<string> types)
    {
        if (types.Distinct(StringComparer.Ordinal).Count() != types.Count)
            throw new VerbException($"Duplicate entity type(s) specified: {string.Join(',', types.GroupBy(t => t).Where(g => g.Count() > 1).Select(g => g.Key))}");
        foreach (var type in types)
        {
            if (!Types.Contains(type))
                throw new VerbException($"Invalid entity type {type}, the entity type must be one of {string.Join(", ", Types)} with a --bootstrap-server or --bootstrap-controller argument");
        }
        if (types.Count == 0)
            throw new VerbException("At least one entity type must be specified");
        if (types.Count > 1 && !types.Order(StringComparer.Ordinal).SequenceEqual(["clients", "users"]))
            throw new VerbException("Only 'users' and 'clients' entity types may be specified together");
        if ((options.Has(_entityName) || options.Has(_entityType) || options.Has(_entityDefault))
            && (_shortcuts.Any(s => options.Has(s.Option)) || _defaults.Any(d => options.Has(d.Option))))
            throw new VerbException("--entity-{type,name,default} should not be used in conjunction with specific entity flags");
    }

    private void CheckNames(OptionSet options, ConfigsEntity entity)
    {
        var type = entity.Types[0];
        var hasName = entity.Names.Any(name => name.Length > 0);
        var hasDefault = entity.Names.Contains("");
        var canBeDefault = entity.Types.Any(t => t is "users" or "clients" or "brokers" or "ips");
        foreach (var name in entity.Names.Where(name => name.Length > 0))
        {
            if (type is "brokers" or "broker-loggers" && !int.TryParse(name, out _))
                throw new VerbException($"The entity name for {type} must be a valid integer broker id, but it is: {name}");
        }
        if (options.Has(Describe))
        {
            if (!canBeDefault && hasDefault)
                throw new VerbException($"--entity-default must not be specified with --describe of {string.Join(',', entity.Types)}");
            if (type == "broker-loggers" && !hasName)
                throw new VerbException($"An entity name must be specified with --describe of {type}");
            return;
        }
        if (canBeDefault ? !hasName && !hasDefault : !hasName)
            throw new VerbException(canBeDefault
                ? "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips"
                : $"An entity name must be specified with --alter of {string.Join(',', entity.Types)}");
    }

    private ConfigsEntity Entity(OptionSet options, IReadOnlyList<string> arguments)
    {
        List<string> types = [.. options.ValuesOf(_entityType)];
        List<string> names = [];
        // Names and defaults belong to the types in the order in which they stand.
        var named = new Queue<string>(options.ValuesOf(_entityName));
        foreach (var argument in arguments)
        {
            if (argument == "--entity-default")
                names.Add("");
            else if ((argument == "--entity-name" || argument.StartsWith("--entity-name=", StringComparison.Ordinal)) && named.TryDequeue(out var name))
                names.Add(name);
        }
        foreach (var (option, type) in _shortcuts.Where(s => options.Has(s.Option)))
        {
            types.Add(type);
            names.Add(options.Required(option));
        }
        foreach (var (_, type) in _defaults.Where(d => options.Has(d.Option)))
        {
            types.Add(type);
            names.Add("");
        }
        return new ConfigsEntity(types, names);
    }
}

/// <summary>What has configurations.</summary>
/// <param name="Types">Entity types: one, or users and clients together.</param>
/// <param name="Names">Their names, as many as are given; empty for the default.</param>
internal sealed record ConfigsEntity(IReadOnlyList<string> Types, IReadOnlyList<string> Names);
