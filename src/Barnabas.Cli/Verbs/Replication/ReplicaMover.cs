using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>Begins, follows and stops reassignments.</summary>
internal sealed class ReplicaMover(VerbContext context, AdminClient admin)
{
    private static readonly string[] Throttles = ["leader.replication.throttled.rate", "follower.replication.throttled.rate", "replica.alter.log.dirs.io.max.bytes.per.second"];

    public async Task<int> ExecuteAsync(List<Reassignment> wanted, bool isAdditional, bool mayChangeFactor, long? throttle, long? directoryThrottle)
    {
        if (!isAdditional && (await admin.ListPartitionReassignmentsAsync(null, cancellationToken: context.Stop)).Count > 0)
            throw new VerbException("There is an existing assignment running. (Add --additional to go on all the same.)");
        var known = (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).Nodes.Select(n => n.Id).ToHashSet();
        if (wanted.SelectMany(w => w.Replicas).FirstOrDefault(r => !known.Contains(r), -1) is >= 0 and var unknown)
            throw new VerbException($"Unknown broker id {unknown}");
        var current = await CurrentAsync(wanted);
        context.Out.WriteLine($"Current partition replica assignment\n\n{Reassignment.Write(current.Values)}\n\nSave this to use as the --reassignment-json-file option during rollback");
        await ThrottleAsync(wanted, throttle, directoryThrottle);
        var moves = wanted.Where(w => !w.Replicas.SequenceEqual(current[w.Partition].Replicas)).ToDictionary(w => w.Partition, w => (IReadOnlyList<int>?)w.Replicas);
        var directories = wanted.Where(w => w.LogDirs.Any(d => d != Reassignment.AnyDirectory)).ToList();
        // A replica that comes to a broker finds its directory named before.
        if (moves.Count > 0)
        {
            var outcomes = await admin.AlterPartitionReassignmentsAsync(moves, allowReplicationFactorChange: mayChangeFactor, cancellationToken: context.Stop);
            if (outcomes.FirstOrDefault(o => o.Value.Error is not null) is { Value.Error: { } error } failed)
                throw new VerbException($"Error reassigning partition(s):\n{failed.Key}: {error.Message}");
        }
        context.Out.WriteLine(wanted.Count == 1
            ? $"Successfully started partition reassignment for {wanted[0].Partition}"
            : $"Successfully started partition reassignments for {string.Join(",", wanted.Select(w => w.Partition))}");
        await MoveDirectoriesAsync(directories);
        return 0;
    }

    public async Task<int> VerifyAsync(List<Reassignment> wanted, bool keepsThrottles)
    {
        var moving = await admin.ListPartitionReassignmentsAsync(null, cancellationToken: context.Stop);
        var current = await CurrentAsync(wanted);
        context.Out.WriteLine("Status of partition reassignment:");
        var isDone = true;
        foreach (var each in wanted)
        {
            var isMoving = moving.ContainsKey(each.Partition);
            isDone &= !isMoving;
            context.Out.WriteLine(isMoving ? $"Reassignment of partition {each.Partition} is still in progress."
                : current[each.Partition].Replicas.SequenceEqual(each.Replicas) ? $"Reassignment of partition {each.Partition} is completed."
                : $"There is no active reassignment of partition {each.Partition}, but replica set is {string.Join(",", current[each.Partition].Replicas)} rather than {string.Join(",", each.Replicas)}.");
        }
        isDone &= await VerifyDirectoriesAsync(wanted);
        if (isDone && !keepsThrottles)
            await ClearThrottlesAsync(wanted);
        return 0;
    }

    public async Task<int> CancelAsync(List<Reassignment> wanted, bool keepsThrottles)
    {
        var moving = await admin.ListPartitionReassignmentsAsync(null, cancellationToken: context.Stop);
        var cancelled = wanted.Where(w => moving.ContainsKey(w.Partition)).ToDictionary(w => w.Partition, _ => (IReadOnlyList<int>?)null);
        if (cancelled.Count > 0)
        {
            foreach (var (partition, outcome) in await admin.AlterPartitionReassignmentsAsync(cancelled, cancellationToken: context.Stop))
            {
                if (outcome.Error is { } error)
                    throw new VerbException($"Error cancelling partition reassignment(s) for:\n{partition}: {error.Message}");
            }
            context.Out.WriteLine($"Successfully cancelled partition reassignment{(cancelled.Count == 1 ? "" : "s")} for: {string.Join(",", cancelled.Keys)}");
        }
        else
        {
            context.Out.WriteLine("None of the specified partition reassignments are active.");
        }
        if (!keepsThrottles)
            await ClearThrottlesAsync(wanted);
        return 0;
    }

    private async Task<Dictionary<TopicPartition, Reassignment>> CurrentAsync(List<Reassignment> wanted)
    {
        var topics = await admin.DescribeTopicsAsync([.. wanted.Select(w => w.Partition.Topic).Distinct()], cancellationToken: context.Stop);
        var current = new Dictionary<TopicPartition, Reassignment>();
        foreach (var each in wanted)
        {
            var partition = topics[each.Partition.Topic].Value.Partitions.FirstOrDefault(p => p.Partition == each.Partition.Partition)
                ?? throw new VerbException($"Unable to find partition: {each.Partition}");
            current[each.Partition] = new Reassignment(each.Partition, [.. partition.Replicas.Select(r => r.Id)], [.. partition.Replicas.Select(_ => Reassignment.AnyDirectory)]);
        }
        return current;
    }

    private async Task MoveDirectoriesAsync(List<Reassignment> wanted)
    {
        var started = new List<string>();
        foreach (var (broker, moves) in ByBroker(wanted))
        {
            foreach (var (partition, outcome) in await admin.AlterReplicaLogDirsAsync(broker, moves, cancellationToken: context.Stop))
            {
                if (outcome.Error is { } error)
                    throw new VerbException($"Failed to move replica {partition}-{broker} to {moves[partition]}: {error.Message}");
                started.Add($"{partition}-{broker}");
            }
        }
        if (started.Count > 0)
            context.Out.WriteLine($"Successfully started log directory move{(started.Count == 1 ? "" : "s")} for: {string.Join(",", started)}");
    }

    private async Task<bool> VerifyDirectoriesAsync(List<Reassignment> wanted)
    {
        var isDone = true;
        foreach (var (broker, moves) in ByBroker(wanted))
        {
            var directories = (await admin.DescribeLogDirsAsync([broker], cancellationToken: context.Stop))[broker].Value;
            foreach (var (partition, target) in moves)
            {
                var at = directories.FirstOrDefault(d => d.Value.Replicas.TryGetValue(partition, out var replica) && !replica.IsFuture).Key;
                var future = directories.FirstOrDefault(d => d.Value.Replicas.TryGetValue(partition, out var replica) && replica.IsFuture).Key;
                isDone &= future is null;
                context.Out.WriteLine(at is null ? $"Partition {partition} is not found in any live log dir on broker {broker}. There is likely an offline log directory on the broker."
                    : at == target ? $"Reassignment of replica {partition}-{broker} completed successfully."
                    : future == target ? $"Reassignment of replica {partition}-{broker} is still in progress."
                    : future is not null ? $"Partition {partition} on broker {broker} is being moved to log dir {future} instead of {target}."
                    : $"Partition {partition} on broker {broker} is not being moved from log dir {at} to {target}.");
            }
        }
        return isDone;
    }

    private static IEnumerable<(int Broker, Dictionary<TopicPartition, string> Moves)> ByBroker(List<Reassignment> wanted) => wanted
        .SelectMany(w => w.Replicas.Zip(w.LogDirs, (broker, directory) => (w.Partition, Broker: broker, Directory: directory)))
        .Where(m => m.Directory != Reassignment.AnyDirectory)
        .GroupBy(m => m.Broker)
        .Select(g => (g.Key, g.ToDictionary(m => m.Partition, m => m.Directory)));

    private async Task ThrottleAsync(List<Reassignment> wanted, long? throttle, long? directoryThrottle)
    {
        if (throttle is null && directoryThrottle is null)
            return;
        context.Out.WriteLine("Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.");
        var changes = new List<AlterConfig>();
        if (throttle is { } between)
            changes.AddRange(Throttles[..2].Select(key => new AlterConfig(key, AlterConfigOperation.Set, between.ToString(CultureInfo.InvariantCulture))));
        if (directoryThrottle is { } directories)
            changes.Add(new AlterConfig(Throttles[2], AlterConfigOperation.Set, directories.ToString(CultureInfo.InvariantCulture)));
        await AlterBrokersAsync(wanted, changes);
        if (throttle is not null)
            context.Out.WriteLine($"The inter-broker throttle limit was set to {throttle} B/s");
        if (directoryThrottle is not null)
            context.Out.WriteLine($"The replica-alter-dir throttle limit was set to {directoryThrottle} B/s");
    }

    private async Task ClearThrottlesAsync(List<Reassignment> wanted)
    {
        var brokers = wanted.SelectMany(w => w.Replicas).Distinct().Order().ToList();
        context.Out.WriteLine($"\nClearing broker-level throttles on broker{(brokers.Count == 1 ? "" : "s")} {string.Join(",", brokers)}");
        await AlterBrokersAsync(wanted, [.. Throttles.Select(key => new AlterConfig(key, AlterConfigOperation.Delete, ""))]);
        var topics = wanted.Select(w => w.Partition.Topic).Distinct(StringComparer.Ordinal).ToList();
        context.Out.WriteLine($"Clearing topic-level throttles on topic{(topics.Count == 1 ? "" : "s")} {string.Join(",", topics)}");
        await AlterAsync(topics.Select(topic => new ConfigResource(ConfigResourceType.Topic, topic)),
        [
            new AlterConfig("leader.replication.throttled.replicas", AlterConfigOperation.Delete, ""),
            new AlterConfig("follower.replication.throttled.replicas", AlterConfigOperation.Delete, ""),
        ]);
    }

    private Task AlterBrokersAsync(List<Reassignment> wanted, List<AlterConfig> changes) => AlterAsync(
        wanted.SelectMany(w => w.Replicas).Distinct().Select(broker => new ConfigResource(ConfigResourceType.Broker, broker.ToString(CultureInfo.InvariantCulture))), changes);

    private async Task AlterAsync(IEnumerable<ConfigResource> resources, List<AlterConfig> changes)
    {
        foreach (var outcome in (await admin.IncrementalAlterConfigsAsync(resources.ToDictionary(r => r, _ => (IReadOnlyList<AlterConfig>)changes), cancellationToken: context.Stop)).Values)
            _ = outcome.Value;
    }
}
