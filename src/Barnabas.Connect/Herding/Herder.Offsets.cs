using System.Globalization;
using Barnabas.Client.Admin;
using Barnabas.Connect.Sdk;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Connect.Worker;
using Barnabas.Protocol;

namespace Barnabas.Connect.Herding;

// Where connectors have read to: source offsets in the store, sink offsets in the consumer group (KIP-875).
public sealed partial class Herder
{
    private const string TopicKey = "kafka_topic";
    private const string PartitionKey = "kafka_partition";
    private const string OffsetKey = "kafka_offset";

    /// <summary>The committed offsets of a connector, as pairs of partition and offset.</summary>
    /// <exception cref="RestException">There is none of that name (404).</exception>
    public async Task<IReadOnlyList<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>>> OffsetsAsync(string name, CancellationToken cancellationToken)
    {
        var config = Find(name);
        if (IsSource(config.Configs) == false) return await SinkOffsetsAsync(name, config, cancellationToken);
        var keys = new OffsetKeys();
        return [.. (await (await _worker.OffsetsForAsync(Resolve(config.Configs), cancellationToken)).GetAllAsync(cancellationToken))
            .Select(entry => (Key: keys.Parse(entry.Key), entry.Value))
            .Where(entry => entry.Key?.Connector == name)
            .Select(entry => KeyValuePair.Create(entry.Key!.Value.Partition, keys.Offset(entry.Value)))];
    }

    /// <summary>Changes offsets of a stopped connector; a null offset forgets.</summary>
    /// <returns>A sentence for the user.</returns>
    /// <exception cref="RestException">There is none of that name (404), or it is not stopped, or an offset is not one of its kind (400).</exception>
    public Task<string> AlterOffsetsAsync(
        string name, IReadOnlyList<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>> offsets, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        RequireLeader("Only the leader can process external offsets modification requests");
        var config = RequireStopped(name);
        if (IsSource(config.Configs) == false)
        {
            await AlterSinkOffsetsAsync(name, config, offsets, cancellationToken);
            return "The offsets for this connector have been altered successfully";
        }

        var connector = (SourceConnector)_plugins.FindConnector(config.Configs["connector.class"])!.Create();
        var isChecked = connector.AlterOffsets(Resolve(config.Configs), offsets);
        var keys = new OffsetKeys();
        if (_options.IsExactlyOnce) await FenceNowAsync(name, cancellationToken);
        await (await _worker.OffsetsForAsync(Resolve(config.Configs), cancellationToken)).SetAsync([.. offsets.Select(entry => KeyValuePair.Create(keys.Key(name, entry.Key), keys.Value(entry.Value)))], cancellationToken);
        return isChecked
            ? "The offsets for this connector have been altered successfully"
            : "The Connect framework-managed offsets for this connector have been altered successfully. However, if this connector manages offsets externally, they will need to be manually altered in the system that the connector uses.";
    }, cancellationToken);

    /// <summary>Forgets the offsets of a stopped connector.</summary>
    /// <returns>A sentence for the user.</returns>
    /// <exception cref="RestException">There is none of that name (404), or it is not stopped (400).</exception>
    public Task<string> ResetOffsetsAsync(string name, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        RequireLeader("Only the leader can process external offsets modification requests");
        var config = RequireStopped(name);
        if (IsSource(config.Configs) == false)
        {
            await using var admin = _worker.AdminFor(name, config.Configs);
            _ = (await admin.DeleteGroupsAsync([ConnectWorker.GroupOf(name, config.Configs)], cancellationToken: cancellationToken)).Values.First() is { IsSuccess: false, Error: { ErrorCode: not ErrorCode.GroupIdNotFound } error } ? throw error : 0;
            return "The offsets for this connector have been reset successfully";
        }

        var all = (await OffsetsAsync(name, cancellationToken)).Select(entry => KeyValuePair.Create(entry.Key, (IReadOnlyDictionary<string, object?>?)null)).ToList();
        var connector = (SourceConnector)_plugins.FindConnector(config.Configs["connector.class"])!.Create();
        var isChecked = connector.AlterOffsets(Resolve(config.Configs), all);
        var keys = new OffsetKeys();
        if (_options.IsExactlyOnce) await FenceNowAsync(name, cancellationToken);
        await (await _worker.OffsetsForAsync(Resolve(config.Configs), cancellationToken)).SetAsync([.. all.Select(entry => KeyValuePair.Create(keys.Key(name, entry.Key), (byte[]?)null))], cancellationToken);
        return isChecked
            ? "The offsets for this connector have been reset successfully"
            : "The Connect framework-managed offsets for this connector have been reset successfully. However, if this connector manages offsets externally, they will need to be manually reset in the system that the connector uses.";
    }, cancellationToken);

    // Tasks that were left behind must not commit offsets over the new ones. Runs on the loop.
    private async Task FenceNowAsync(string name, CancellationToken cancellationToken)
    {
        if (_configs.State.TaskCountRecords.TryGetValue(name, out var recorded)) await _worker.FenceAsync(name, Resolve(Find(name).Configs), recorded, cancellationToken);
    }

    private async Task<IReadOnlyList<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>>> SinkOffsetsAsync(string name, ConnectorConfig config, CancellationToken cancellationToken)
    {
        await using var admin = _worker.AdminFor(name, config.Configs);
        var group = ConnectWorker.GroupOf(name, config.Configs);
        var offsets = (await admin.ListGroupOffsetsAsync(new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group] = null }, cancellationToken: cancellationToken))[group];
        if (!offsets.IsSuccess) return [];
        return [.. offsets.Value.Where(entry => entry.Value is not null).Select(entry => KeyValuePair.Create(
            (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?> { [TopicKey] = entry.Key.Topic, [PartitionKey] = entry.Key.Partition },
            (IReadOnlyDictionary<string, object?>?)new Dictionary<string, object?> { [OffsetKey] = entry.Value!.Offset }))];
    }

    private async Task AlterSinkOffsetsAsync(
        string name, ConnectorConfig config, IReadOnlyList<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>> offsets, CancellationToken cancellationToken)
    {
        await using var admin = _worker.AdminFor(name, config.Configs);
        var group = ConnectWorker.GroupOf(name, config.Configs);
        var set = new Dictionary<TopicPartition, OffsetAndMetadata>();
        var forget = new List<TopicPartition>();
        foreach (var (key, offset) in offsets)
        {
            var partition = PartitionOf(key);
            if (offset is null) forget.Add(partition);
            else set[partition] = new OffsetAndMetadata(Number(offset, OffsetKey));
        }

        if (set.Count > 0) ThrowFirst(await admin.AlterGroupOffsetsAsync(group, set, cancellationToken: cancellationToken));
        if (forget.Count > 0) ThrowFirst(await admin.DeleteGroupOffsetsAsync(group, forget, cancellationToken: cancellationToken));
    }

    private static void ThrowFirst(IReadOnlyDictionary<TopicPartition, Outcome<Done>> outcomes)
    {
        foreach (var outcome in outcomes.Values) _ = outcome.Value;
    }

    private static TopicPartition PartitionOf(IReadOnlyDictionary<string, object?> key) =>
        key.GetValueOrDefault(TopicKey) is string topic
            ? new TopicPartition(topic, (int)Number(key, PartitionKey))
            : throw new RestException(400, $"The partition for a sink connector offset must contain the key '{TopicKey}' and '{PartitionKey}'");

    private static long Number(IReadOnlyDictionary<string, object?> map, string name) => map.GetValueOrDefault(name) switch
    {
        long number and >= 0 => number,
        string text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new RestException(400, $"The key '{name}' of a sink connector offset must be a number that is not negative"),
    };

    private ConnectorConfig RequireStopped(string name)
    {
        var config = Find(name);
        if (config.Target != TargetState.Stopped || config.Tasks.Count > 0)
            throw new RestException(400, $"Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/{name}/stop' endpoint");
        return config;
    }
}
