using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Telemetry;

/// <summary>kafka-client-metrics: which clients push which metrics (KIP-714).</summary>
internal sealed class ClientMetricsVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("This tool helps to manipulate and describe client metrics configurations.");
        var server = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.");
        var config = parser.Value("command-config", "String: command config property file", "Properties of the admin client.");
        var alter = parser.Flag("alter", "Set a subscription.");
        var delete = parser.Flag("delete", "Delete a subscription.");
        var describe = parser.Flag("describe", "Show subscriptions.");
        var list = parser.Flag("list", "List the names of subscriptions.");
        var name = parser.Value("name", "String: name", "The name of a subscription.");
        var generate = parser.Flag("generate-name", "Make a name up.");
        var interval = parser.Value("interval", "Integer: push interval", "Milliseconds between pushes.");
        var match = parser.Value("match", "String: k1=v1,k2=v2", "Which clients: client_id, client_instance_id, client_software_name, client_software_version, client_source_address, client_source_port.");
        var metrics = parser.Value("metrics", "String: m1,m2", "Prefixes of metrics' names.");
        if (parser.ParseOrPrint(context, arguments, [describe, list]) is not { } options)
            return 0;
        if (new[] { alter, delete, describe, list }.Count(options.Has) != 1)
            throw new VerbException("Command must include exactly one action: --alter, --delete, --describe or --list.");
        if (!options.Has(server))
            throw new VerbException("--bootstrap-server must be specified.");
        options.Forbid(delete, generate, interval, match, metrics);
        options.Forbid(describe, generate, interval, match, metrics);
        options.Forbid(list, name, generate, interval, match, metrics);
        if (options.Has(alter) && options.Has(name) == options.Has(generate))
            throw new VerbException("One of --name or --generate-name must be specified with --alter.");
        if (options.Has(delete) && !options.Has(name))
            throw new VerbException("A client metrics resource name must be specified with --delete.");
        await using var admin = Clients.Admin(options, server, config);
        try
        {
            if (options.Has(alter))
            {
                var wanted = new Dictionary<string, string?>
                {
                    ["interval.ms"] = options.Has(interval) ? options.IntOf(interval).ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
                    ["metrics"] = options.ValueOf(metrics),
                    ["match"] = options.ValueOf(match),
                };
                await AlterAsync(context, admin, options.Has(generate) ? Uuid.Random(Random.Shared).ToString() : options.Required(name), wanted);
            }
            else if (options.Has(delete))
            {
                await DeleteAsync(context, admin, options.Required(name));
            }
            else
            {
                await ShowAsync(context, admin, options.ValueOf(name), onlyNames: options.Has(list));
            }
            return 0;
        }
        catch (KafkaException error)
        {
            throw new VerbException($"Error while executing client metrics command : {error.Message}");
        }
    }

    private static async Task AlterAsync(VerbContext context, AdminClient admin, string name, Dictionary<string, string?> wanted)
    {
        var changes = wanted.Where(w => w.Value is not null)
            .Select(w => new AlterConfig(w.Key, w.Value!.Length == 0 ? AlterConfigOperation.Delete : AlterConfigOperation.Set, w.Value)).ToList();
        await ChangeAsync(context, admin, name, changes);
        context.Out.WriteLine($"Altered client metrics config for {name}.");
    }

    private static async Task DeleteAsync(VerbContext context, AdminClient admin, string name)
    {
        var entries = await EntriesAsync(context, admin, name);
        await ChangeAsync(context, admin, name, [.. entries.Select(e => new AlterConfig(e.Name, AlterConfigOperation.Delete, ""))]);
        context.Out.WriteLine($"Deleted client metrics config for {name}.");
    }

    private static async Task ShowAsync(VerbContext context, AdminClient admin, string? name, bool onlyNames)
    {
        List<string> names = name is not null ? [name]
            : [.. (await admin.ListConfigResourcesAsync([ConfigResourceType.ClientMetrics], cancellationToken: context.Stop)).Select(r => r.Name).Order(StringComparer.Ordinal)];
        foreach (var each in names)
        {
            if (context.Listing is { } listing)
            {
                IReadOnlyList<ConfigEntry> entries = onlyNames ? [] : await EntriesAsync(context, admin, each);
                listing.Add(json =>
                {
                    json.WriteString("name", each);
                    foreach (var entry in entries)
                        json.WriteString(entry.Name, entry.Value);
                });
                continue;
            }
            if (onlyNames)
            {
                context.Out.WriteLine(each);
                continue;
            }
            context.Out.WriteLine($"Client metrics configs for {each} are:");
            foreach (var entry in await EntriesAsync(context, admin, each))
                context.Out.WriteLine($"  {entry.Name}={entry.Value}");
        }
    }

    private static async Task ChangeAsync(VerbContext context, AdminClient admin, string name, List<AlterConfig> changes)
    {
        var resource = new ConfigResource(ConfigResourceType.ClientMetrics, name);
        _ = (await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, IReadOnlyList<AlterConfig>> { [resource] = changes }, cancellationToken: context.Stop))[resource].Value;
    }

    private static async Task<IReadOnlyList<ConfigEntry>> EntriesAsync(VerbContext context, AdminClient admin, string name)
    {
        var resource = new ConfigResource(ConfigResourceType.ClientMetrics, name);
        return (await admin.DescribeConfigsAsync([resource], cancellationToken: context.Stop))[resource].Value;
    }
}
