using Barnabas.Cli.Framework.Options;
using Barnabas.Protocol.Acls;

namespace Barnabas.Cli.Verbs.Acls;

/// <summary>The options of kafka-acls.</summary>
internal sealed class AclsOptions
{
    private readonly OptionSpec _topic;
    private readonly OptionSpec _cluster;
    private readonly OptionSpec _group;
    private readonly OptionSpec _transactionalId;
    private readonly OptionSpec _idempotent;
    private readonly OptionSpec _delegationToken;
    private readonly OptionSpec _userPrincipal;
    private readonly OptionSpec _patternType;
    private readonly OptionSpec _operation;
    private readonly OptionSpec _allowPrincipal;
    private readonly OptionSpec _denyPrincipal;
    private readonly OptionSpec _allowHost;
    private readonly OptionSpec _denyHost;
    private readonly OptionSpec _producer;
    private readonly OptionSpec _consumer;

    public AclsOptions()
    {
        var parser = Parser;
        BootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "The servers to connect to.");
        BootstrapController = parser.Value("bootstrap-controller", "String: controller to connect to", "The controllers to connect to.");
        CommandConfig = parser.OptionalValue("command-config", "String: command-config", "Properties of the admin client.");
        _topic = parser.Value("topic", "String: topic", "The topic; '*' is every topic.");
        _cluster = parser.Flag("cluster", "The cluster.");
        _group = parser.Value("group", "String: group", "The group; '*' is every group.");
        _transactionalId = parser.Value("transactional-id", "String: transactional-id", "The transactional id; '*' is every one.");
        _idempotent = parser.Flag("idempotent", "With --producer: also what idempotent producers need.");
        _delegationToken = parser.Value("delegation-token", "String: delegation-token", "The delegation token; '*' is every one.");
        _userPrincipal = parser.Value("user-principal", "String: user-principal", "The user for whom tokens are created or described.");
        _patternType = parser.Value("resource-pattern-type", "ANY|MATCH|LITERAL|PREFIXED", "How the names of resources are meant: literal or prefixed; any and match in filters.", "LITERAL");
        Add = parser.Flag("add", "Add entries.");
        Remove = parser.Flag("remove", "Remove entries.");
        List = parser.Flag("list", "List entries.");
        _operation = parser.Value("operation", "String", $"The operation: {string.Join(", ", Operations.Select(AclTexts.Operation))}.", "All");
        _allowPrincipal = parser.Value("allow-principal", "String: allow-principal", "Who may, as User:name; User:* is everybody.");
        _denyPrincipal = parser.Value("deny-principal", "String: deny-principal", "Who may not, as User:name. Stronger than every entry that allows.");
        Principal = parser.OptionalValue("principal", "String: principal", "With --list: the entries of this principal alone.");
        _allowHost = parser.Value("allow-host", "String: allow-host", "The address from which those allowed may; * where none is given.");
        _denyHost = parser.Value("deny-host", "String: deny-host", "The address from which those denied may not; * where none is given.");
        _producer = parser.Flag("producer", "What producers need: WRITE, DESCRIBE and CREATE on the topic.");
        _consumer = parser.Flag("consumer", "What consumers need: READ and DESCRIBE on the topic, READ on the group.");
        Force = parser.Flag("force", "Ask nothing.");
    }

    public OptionParser Parser { get; } = new("This tool helps to manage acls on kafka.");

    public OptionSpec BootstrapServer { get; }

    public OptionSpec BootstrapController { get; }

    public OptionSpec CommandConfig { get; }

    public OptionSpec Add { get; }

    public OptionSpec Remove { get; }

    public OptionSpec List { get; }

    public OptionSpec Principal { get; }

    public OptionSpec Force { get; }

    private static IEnumerable<AclOperation> Operations => Enum.GetValues<AclOperation>().Where(operation => operation > AclOperation.Any);

    /// <summary>Fails where options do not go together, in Kafka's words.</summary>
    public void Check(OptionSet options)
    {
        if (options.Has(BootstrapServer) && options.Has(BootstrapController))
            throw new OptionException("Only one of --bootstrap-server or --bootstrap-controller must be specified");
        if (!options.Has(BootstrapServer) && !options.Has(BootstrapController))
            throw new OptionException("One of --bootstrap-server or --bootstrap-controller must be specified");
        if (((OptionSpec[])[Add, Remove, List]).Count(options.Has) != 1)
            throw new OptionException("Command must include exactly one action: --list, --add, --remove. ");
        options.Forbid(List, _producer, _consumer, _allowHost, _allowPrincipal, _denyHost, _denyPrincipal);
        options.Forbid(_producer, _operation, _denyPrincipal, _denyHost);
        options.Forbid(_consumer, _operation, _denyPrincipal, _denyHost);
        if (options.Has(Principal) && !options.Has(List))
            throw new OptionException("The --principal option is only available if --list is set");
        if (options.Has(_producer) && !options.Has(_topic))
            throw new OptionException("With --producer you must specify a --topic");
        if (options.Has(_idempotent) && !options.Has(_producer))
            throw new OptionException("The --idempotent option is only available if --producer is set");
        if (options.Has(_consumer) && (!options.Has(_topic) || !options.Has(_group) || (!options.Has(_producer) && (options.Has(_cluster) || options.Has(_transactionalId)))))
            throw new OptionException("With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option should be specified.");
    }

    /// <summary>The principals of --list.</summary>
    public IReadOnlyList<string> PrincipalsOf(OptionSet options) => Principals(options, Principal);

    /// <summary>The resources that are named.</summary>
    public List<ResourceFilter> Resources(OptionSet options, bool isRequired)
    {
        var pattern = PatternOf(options);
        List<ResourceFilter> filters = [];
        Take(_topic, ResourceType.Topic);
        if (pattern == PatternType.Literal && (options.Has(_cluster) || options.Has(_idempotent)))
            filters.Add(ResourceFilter.Cluster);
        Take(_group, ResourceType.Group);
        Take(_transactionalId, ResourceType.TransactionalId);
        Take(_delegationToken, ResourceType.DelegationToken);
        Take(_userPrincipal, ResourceType.User);
        if (filters.Count == 0 && isRequired)
            throw new OptionException("You must provide at least one resource: --topic <topic> or --cluster or --group <group> or --delegation-token <Delegation Token ID>");
        return [.. filters.Distinct()];

        void Take(OptionSpec option, ResourceType type)
        {
            if (options.Has(option))
                filters.AddRange(options.ValuesOf(option).Select(name => new ResourceFilter(type, name.Trim(), pattern)));
        }
    }

    /// <summary>The entries that are meant, by resource.</summary>
    public Dictionary<ResourceFilter, List<AclEntry>> Entries(OptionSet options)
    {
        var result = new Dictionary<ResourceFilter, List<AclEntry>>();
        var filters = Resources(options, isRequired: true);
        if (!options.Has(_producer) && !options.Has(_consumer))
        {
            var operations = options.ValuesOf(_operation).Select(AclTexts.ParseOperation).Distinct().ToArray();
            Put(filters, operations);
        }
        if (options.Has(_producer))
        {
            Put(filters.Where(f => f.Type == ResourceType.Topic), AclOperation.Write, AclOperation.Describe, AclOperation.Create);
            Put(filters.Where(f => f.Type == ResourceType.TransactionalId), AclOperation.Write, AclOperation.Describe);
            if (options.Has(_idempotent))
                Put([ResourceFilter.Cluster], AclOperation.IdempotentWrite);
        }
        if (options.Has(_consumer))
        {
            Put(filters.Where(f => f.Type == ResourceType.Topic), AclOperation.Read, AclOperation.Describe);
            Put(filters.Where(f => f.Type == ResourceType.Group), AclOperation.Read);
        }
        foreach (var (filter, entries) in result)
        {
            AclOperation[] valid = [.. AclOperations.Of(filter.Type), AclOperation.All];
            if (entries.Exists(entry => !valid.Contains(entry.Operation)))
                throw new OptionException($"ResourceType {AclNames.Type(filter.Type)} only supports operations {string.Join(", ", valid.Select(AclTexts.Operation))}");
        }
        if (options.Has(Add))
            CheckAddition(options, result);
        return result;

        void Put(IEnumerable<ResourceFilter> resources, params AclOperation[] operations)
        {
            foreach (var resource in resources)
            {
                if (!result.TryGetValue(resource, out var entries))
                    result[resource] = entries = [];
                entries.AddRange(EntriesOf(options, operations).Where(entry => !entries.Contains(entry)).ToList());
            }
        }
    }

    private void CheckAddition(OptionSet options, Dictionary<ResourceFilter, List<AclEntry>> entries)
    {
        if (PatternOf(options) is not (PatternType.Literal or PatternType.Prefixed))
            throw new OptionException($"A '--resource-pattern-type' value of '{AclNames.Pattern(PatternOf(options))}' is not valid when adding acls.");
        if (entries.Values.Any(list => list.Count == 0))
            throw new OptionException("You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.");
    }

    private IEnumerable<AclEntry> EntriesOf(OptionSet options, AclOperation[] operations)
    {
        return Side(_allowPrincipal, _allowHost, AclPermissionType.Allow).Concat(Side(_denyPrincipal, _denyHost, AclPermissionType.Deny));

        IEnumerable<AclEntry> Side(OptionSpec principals, OptionSpec hosts, AclPermissionType permission) =>
            from principal in Principals(options, principals)
            from operation in operations
            from host in options.Has(hosts) ? options.ValuesOf(hosts).Select(text => text.Trim()) : [AclBinding.Wildcard]
            select new AclEntry(principal, host, operation, permission);
    }

    private PatternType PatternOf(OptionSet options)
    {
        var text = options.Required(_patternType);
        var pattern = AclNames.ParsePattern(text);
        return pattern != PatternType.Unknown ? pattern
            : throw new OptionException($"Cannot parse argument '{text}' of option {OptionException.NameOf(_patternType)}");
    }

    private static List<string> Principals(OptionSet options, OptionSpec option) => !options.Has(option) ? [] :
    [
        .. options.ValuesOf(option).Select(text => KafkaPrincipal.TryParse(text.Trim())?.ToString()
            ?? throw new OptionException($"expected a string in format principalType:principalName but got {text.Trim()}")).Distinct(),
    ];
}
