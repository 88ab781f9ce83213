using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership;

/// <summary>The bytes that members of a classic group exchange through the coordinator: a version, then the message.</summary>
internal static class ConsumerProtocol
{
    public const string ProtocolType = "consumer";

    private const short HighestVersion = 3;

    public static byte[] Write(ConsumerProtocolSubscription subscription) => Write((IMessage)subscription);

    public static byte[] Write(ConsumerProtocolAssignment assignment) => Write((IMessage)assignment);

    public static ConsumerProtocolSubscription ReadSubscription(ReadOnlyMemory<byte> bytes)
    {
        var subscription = new ConsumerProtocolSubscription();
        Read(subscription, bytes);
        return subscription;
    }

    /// <summary>The partitions of an assignment; no bytes mean none.</summary>
    public static List<TopicPartition> ReadAssignment(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? [] : Partitions(ReadWholeAssignment(bytes));

    public static ConsumerProtocolAssignment ReadWholeAssignment(ReadOnlyMemory<byte> bytes)
    {
        var assignment = new ConsumerProtocolAssignment();
        Read(assignment, bytes);
        return assignment;
    }

    public static List<TopicPartition> Partitions(ConsumerProtocolAssignment assignment)
    {
        var partitions = new List<TopicPartition>();
        foreach (var topic in assignment.AssignedPartitions)
        {
            foreach (var partition in topic.Partitions) partitions.Add(new TopicPartition(topic.Topic, partition));
        }

        return partitions;
    }

    private static byte[] Write(IMessage message)
    {
        using var writer = new MessageWriter();
        writer.WriteInt16(HighestVersion);
        message.Write(writer, HighestVersion);
        return writer.ToArray();
    }

    // A newer member may write a higher version: what we know of it comes first.
    private static void Read(IMessage message, ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var version = reader.ReadInt16();
        if (version < 0) throw new MalformedMessageException($"Unsupported version {version} of the consumer protocol");
        message.Read(ref reader, Math.Min(version, HighestVersion));
    }
}
