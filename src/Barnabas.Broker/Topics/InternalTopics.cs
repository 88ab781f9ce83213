using System.Globalization;
using Barnabas.Broker.Cache;
using Barnabas.Configuration.Brokers;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Topics;

/// <summary>What topics look like that nobody created by hand.</summary>
internal static class InternalTopics
{
    public static CreateTopicsRequest.CreatableTopic Creatable(string topic, BrokerConfig config) => topic switch
    {
        TopicNames.ConsumerOffsets => Internal(topic, config, "offsets.topic", "compression.type", "producer"),
        TopicNames.TransactionState => TransactionState(topic, config),
        TopicNames.ShareGroupState => ShareGroupState(config),
        _ => new() { Name = topic, NumPartitions = -1, ReplicationFactor = -1 },
    };

    private static CreateTopicsRequest.CreatableTopic TransactionState(string topic, BrokerConfig config)
    {
        var creatable = Internal(topic, config, "transaction.state.log", "compression.type", "uncompressed");
        creatable.Configs.Add(new() { Name = "unclean.leader.election.enable", Value = "false" });
        creatable.Configs.Add(new() { Name = "min.insync.replicas", Value = config.GetInt("transaction.state.log.min.isr").ToString(CultureInfo.InvariantCulture) });
        return creatable;
    }

    /// <summary>Not compacted: the coordinator itself removes what its snapshots have made redundant.</summary>
    private static CreateTopicsRequest.CreatableTopic ShareGroupState(BrokerConfig config)
    {
        const string prefix = "share.coordinator.state.topic";
        var creatable = new CreateTopicsRequest.CreatableTopic
        {
            Name = TopicNames.ShareGroupState,
            NumPartitions = config.GetInt(prefix + ".num.partitions"),
            ReplicationFactor = (short)config.GetInt(prefix + ".replication.factor"),
        };
        creatable.Configs.Add(new() { Name = "cleanup.policy", Value = "delete" });
        creatable.Configs.Add(new() { Name = "compression.type", Value = "producer" });
        creatable.Configs.Add(new() { Name = "segment.bytes", Value = config.GetInt(prefix + ".segment.bytes").ToString(CultureInfo.InvariantCulture) });
        creatable.Configs.Add(new() { Name = "min.insync.replicas", Value = config.GetInt(prefix + ".min.isr").ToString(CultureInfo.InvariantCulture) });
        creatable.Configs.Add(new() { Name = "retention.ms", Value = "-1" });
        return creatable;
    }

    private static CreateTopicsRequest.CreatableTopic Internal(string topic, BrokerConfig config, string prefix, string key, string value)
    {
        var creatable = new CreateTopicsRequest.CreatableTopic
        {
            Name = topic,
            NumPartitions = config.GetInt(prefix + ".num.partitions"),
            ReplicationFactor = (short)config.GetInt(prefix + ".replication.factor"),
        };
        creatable.Configs.Add(new() { Name = "cleanup.policy", Value = "compact" });
        creatable.Configs.Add(new() { Name = "segment.bytes", Value = config.GetInt(prefix + ".segment.bytes").ToString(CultureInfo.InvariantCulture) });
        creatable.Configs.Add(new() { Name = key, Value = value });
        return creatable;
    }
}
