using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>kafka-replica-verification: reads every replica of partitions side by side, until it is stopped, and tells where they differ.</summary>
internal sealed class ReplicaVerificationVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Validate that all replicas for a set of topics have the same data.");
        var servers = parser.Value("broker-list", "String: hostname:port,...,hostname:port", "REQUIRED: The servers to connect to.");
        var fetchSize = parser.Value("fetch-size", "Integer: bytes", "Most bytes of a partition in one request.", "1048576");
        var maxWait = parser.Value("max-wait-ms", "Integer: ms", "Milliseconds that a request waits for records.", "1000");
        var include = parser.Value("topics-include", "String: Java regex (String)", "The topics.", ".*");
        var time = parser.Value("time", "Long: timestamp/-1(latest)/-2(earliest)", "Where to begin.", "-1");
        var interval = parser.Value("report-interval-ms", "Long: ms", "Milliseconds between two reports.", "30000");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        options.Require(servers);
        var filter = new TopicFilter(options.Required(include));
        var reportInterval = TimeSpan.FromMilliseconds(options.LongOf(interval));
        if (options.IntOf(fetchSize) < 1 || options.IntOf(maxWait) < 0 || reportInterval <= TimeSpan.Zero)
            throw new VerbException("--fetch-size and --report-interval-ms must be positive, --max-wait-ms must not be negative");
        await using var admin = Clients.Admin(options.Required(servers), null);
        var checks = await BeginAsync(context, admin, filter, options.LongOf(time));
        var clientOptions = AdminClientOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = options.Required(servers), ["client.id"] = "ReplicaVerificationTool" });
        await using var cluster = new ClusterClient(clientOptions, new ClusterMetadataOptions { AllowAutoTopicCreation = false }, ClientEnvironment.ForProgram());
        var fetcher = new ReplicaFetcher(cluster, options.IntOf(fetchSize), options.IntOf(maxWait));
        var nodes = (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).Nodes.ToDictionary(node => node.Id);
        context.Out.WriteLine($"{Now(context)}: verification process is started");
        await context.Out.FlushAsync();
        var reported = context.Time.GetTimestamp();
        while (!context.Stop.IsCancellationRequested)
        {
            await Task.WhenAll(nodes.Values.Select(node => fetcher.FetchAsync(node, checks.Values.Where(check => check.Replicas.Contains(node.Id)).ToList(), context.Stop)));
            foreach (var check in checks.Values)
                foreach (var difference in check.Compare())
                    context.Out.WriteLine($"{Now(context)}: {difference}");
            if (context.Time.GetElapsedTime(reported) >= reportInterval)
            {
                reported = context.Time.GetTimestamp();
                var worst = checks.Values.MaxBy(check => check.Lag)!;
                context.Out.WriteLine($"{Now(context)}: max lag is {worst.Lag} for partition {worst.Partition} at offset {worst.Offset} among {checks.Count} partitions");
            }
            await context.Out.FlushAsync();
        }
        return 0;
    }

    private static async Task<Dictionary<TopicPartition, ReplicaComparison>> BeginAsync(VerbContext context, AdminClient admin, TopicFilter filter, long time)
    {
        var names = (await admin.ListTopicsAsync(includeInternal: true, cancellationToken: context.Stop)).Select(topic => topic.Name).Where(name => filter.Allows(name, excludeInternal: false)).ToList();
        if (names.Count == 0)
            throw new VerbException("No topics found. [topics-include] if specified, is either filtering out all topics or there is no topic.");
        var checks = new Dictionary<TopicPartition, ReplicaComparison>();
        foreach (var (name, topic) in await admin.DescribeTopicsAsync(names, cancellationToken: context.Stop))
            foreach (var partition in topic.Value.Partitions)
                checks[new TopicPartition(name, partition.Partition)] = new ReplicaComparison(new TopicPartition(name, partition.Partition), [.. partition.Replicas.Select(replica => replica.Id)]);
        var spec = time switch { -1 => OffsetSpec.Latest, -2 => OffsetSpec.Earliest, _ => OffsetSpec.ForTimestamp(time) };
        foreach (var (partition, outcome) in await admin.ListOffsetsAsync(checks.Keys.ToDictionary(partition => partition, _ => spec), cancellationToken: context.Stop))
            checks[partition].Offset = Math.Max(0, outcome.Value.Offset);
        return checks;
    }

    private static string Now(VerbContext context) => context.Time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);
}
