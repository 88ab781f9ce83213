using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>Sticky for eager groups: members tell in their user data what they had, for they give it up before joining (KIP-54).</summary>
internal sealed class StickyAssignor : StickyAssignorBase
{
    private ConsumerProtocolAssignment? _last;
    private int _generation = NoGeneration;

    public override string Name => "sticky";

    public override bool SupportsCooperative => false;

    public override void OnAssignment(ConsumerProtocolAssignment assignment, int generation) => (_last, _generation) = (assignment, generation);

    // Kafka's StickyAssignorUserData version 1: the assignment, then its generation.
    public override ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<string> topics)
    {
        if (_last is null) return null;
        using var writer = new MessageWriter();
        writer.WriteInt32(_last.AssignedPartitions.Count);
        foreach (var topic in _last.AssignedPartitions)
        {
            writer.WriteString(false, topic.Topic, nameof(topic));
            writer.WriteInt32(topic.Partitions.Count);
            foreach (var partition in topic.Partitions) writer.WriteInt32(partition);
        }

        writer.WriteInt32(_generation);
        return writer.ToArray();
    }

    protected override MemberData DataOf(MemberSubscription member)
    {
        if (member.UserData is not { Length: > 0 } bytes) return new MemberData([], null);
        try
        {
            return Read(bytes);
        }
        catch (MalformedMessageException)
        {
            // Another implementation's user data says nothing to us: the member starts with nothing, as with Kafka's.
            return new MemberData([], NoGeneration);
        }
    }

    private static MemberData Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var partitions = new List<TopicPartition>();
        for (var topics = reader.ReadInt32(); topics > 0; topics--)
        {
            var topic = reader.ReadString(false, "topic");
            for (var count = reader.ReadInt32(); count > 0; count--) partitions.Add(new TopicPartition(topic, reader.ReadInt32()));
        }

        return new MemberData(partitions, reader.Remaining >= sizeof(int) ? reader.ReadInt32() : NoGeneration);
    }
}
