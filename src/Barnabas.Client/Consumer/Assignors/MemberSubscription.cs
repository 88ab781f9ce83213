using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>What one member of the group wants and has.</summary>
internal sealed record MemberSubscription(
    IReadOnlyList<string> Topics, IReadOnlyList<TopicPartition> Owned, int? GenerationId, string? GroupInstanceId, ReadOnlyMemory<byte>? UserData, string? RackId = null)
{
    public static MemberSubscription Read(ConsumerProtocolSubscription subscription, string? groupInstanceId)
    {
        var owned = new List<TopicPartition>();
        foreach (var topic in subscription.OwnedPartitions)
        {
            foreach (var partition in topic.Partitions) owned.Add(new TopicPartition(topic.Topic, partition));
        }

        return new MemberSubscription(subscription.Topics, owned, subscription.GenerationId >= 0 ? subscription.GenerationId : null, groupInstanceId, subscription.UserData, subscription.RackId is { Length: > 0 } rack ? rack : null);
    }
}
