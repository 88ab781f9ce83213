using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.Cluster;

/// <summary>kafka-broker-api-versions: the APIs that each broker serves, and which version a client of this release uses of each.</summary>
internal sealed class BrokerApiVersionsVerb : Verb
{
    private readonly OptionParser _parser = new("This tool helps to retrieve broker version information.");
    private readonly OptionSpec _bootstrapServer;
    private readonly OptionSpec _commandConfig;

    public BrokerApiVersionsVerb()
    {
        _bootstrapServer = _parser.Value("bootstrap-server", "String: server(s) to use for bootstrapping", "REQUIRED: The server to connect to.");
        _commandConfig = _parser.Value("command-config", "String: command config property file", "A property file containing configs to be passed to Admin Client.");
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_parser.ParseOrPrint(context, arguments, [_bootstrapServer]) is not { } options)
            return 0;
        options.Require(_bootstrapServer);
        await using var admin = Clients.Admin(options, _bootstrapServer, _commandConfig);
        var cluster = await admin.DescribeClusterAsync(includeFencedBrokers: true, cancellationToken: context.Stop);
        foreach (var node in cluster.Nodes)
        {
            var fenced = cluster.FencedNodes.Contains(node.Id);
            var name = $"{node.Host}:{node.Port} (id: {node.Id} rack: {node.Rack ?? "null"} isFenced: {(fenced ? "true" : "false")})";
            try
            {
                var versions = await admin.GetApiVersionsAsync(node, cancellationToken: context.Stop);
                if (context.Listing is { } listing)
                    List(listing, node.Id, versions);
                else
                    context.Out.WriteLine($"{name} -> {Describe(versions)}");
            }
            catch (Exception error) when (error is KafkaException or TimeoutException)
            {
                (context.Listing is null ? context.Out : context.Error).WriteLine($"{name} -> ERROR: {error.Message}");
            }
        }

        return 0;
    }

    private static void List(JsonListing listing, int node, ApiVersionTable versions)
    {
        foreach (var range in versions.Response.ApiKeys.OrderBy(api => api.ApiKey))
        {
            listing.Add(json =>
            {
                json.WriteNumber("broker", node);
                json.WriteNumber("key", range.ApiKey);
                json.WriteString("name", ApiCatalog.TryGet((ApiKey)range.ApiKey, out var api) ? api.Name : null);
                json.WriteNumber("minVersion", range.MinVersion);
                json.WriteNumber("maxVersion", range.MaxVersion);
            });
        }
    }

    private static string Describe(ApiVersionTable versions)
    {
        var served = versions.Response.ApiKeys.ToDictionary(api => api.ApiKey);
        var lines = new List<string>();
        foreach (var api in ApiCatalog.All.Where(api => api.Listeners.HasFlag(ApiListeners.Broker)).OrderBy(api => api.Key))
            lines.Add(served.Remove((short)api.Key, out var range) ? Known(api, range) : $"{api.Name}({(short)api.Key}): UNSUPPORTED");
        foreach (var range in served.Values.OrderBy(range => range.ApiKey))
            lines.Add(ApiCatalog.TryGet((ApiKey)range.ApiKey, out var api) ? Known(api, range) : $"UNKNOWN({range.ApiKey}): {Range(range)}");
        return "(\n\t" + string.Join(",\n\t", lines) + "\n)";
    }

    private static string Known(ApiDescriptor api, ApiVersionsResponse.ApiVersion range)
    {
        var usable = Math.Min(api.HighestVersion, range.MaxVersion);
        var text = usable >= Math.Max(api.LowestVersion, range.MinVersion) ? usable.ToString(CultureInfo.InvariantCulture) : "none";
        return $"{api.Name}({(short)api.Key}): {Range(range)} [usable: {text}]";
    }

    private static string Range(ApiVersionsResponse.ApiVersion range) =>
        range.MinVersion == range.MaxVersion ? range.MinVersion.ToString(CultureInfo.InvariantCulture) : $"{range.MinVersion} to {range.MaxVersion}";
}
