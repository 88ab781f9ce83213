using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using ClassicMetadata = Barnabas.Protocol.Messages.ConsumerGroupMemberMetadataValue.ClassicMemberMetadataData;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>What members of the classic protocol say in the consumer protocol embedded in it, and what they are told there.</summary>
internal static class ClassicMembers
{
    private const short HighestVersion = 3;

    /// <summary>What is kept of a member's JoinGroup.</summary>
    public static ClassicMetadata MetadataOf(JoinGroupRequest join) => new()
    {
        SessionTimeoutMs = join.SessionTimeoutMs,
        SupportedProtocols = [.. join.Protocols.Select(protocol =>
            new ConsumerGroupMemberMetadataValue.ClassicProtocol { Name = protocol.Name, Metadata = protocol.Metadata.ToArray() })],
    };

    /// <summary>Whether two say the same; null is said by members of KIP-848.</summary>
    public static bool Same(ClassicMetadata? a, ClassicMetadata? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.SessionTimeoutMs == b.SessionTimeoutMs
            && a.SupportedProtocols.Count == b.SupportedProtocols.Count
            && a.SupportedProtocols.Zip(b.SupportedProtocols).All(pair =>
                pair.First.Name == pair.Second.Name && pair.First.Metadata.Span.SequenceEqual(pair.Second.Metadata.Span)));

    /// <summary>The subscription in a protocol's metadata.</summary>
    /// <exception cref="MalformedMessageException">It is none.</exception>
    public static ConsumerProtocolSubscription ReadSubscription(ReadOnlyMemory<byte> metadata)
    {
        var reader = new MessageReader(metadata);
        var subscription = new ConsumerProtocolSubscription();
        subscription.Read(ref reader, ReadVersion(ref reader));
        return subscription;
    }

    /// <summary>The assignment a leader made; nothing for a member that had none yet.</summary>
    /// <exception cref="MalformedMessageException">It is none.</exception>
    public static ConsumerProtocolAssignment ReadAssignment(ReadOnlyMemory<byte> assignment)
    {
        var read = new ConsumerProtocolAssignment();
        if (assignment.IsEmpty)
            return read;

        var reader = new MessageReader(assignment);
        read.Read(ref reader, ReadVersion(ref reader));
        return read;
    }

    /// <summary>An assignment as a member of this metadata reads it: the versions agree.</summary>
    public static byte[] Write(Assignment assignment, IGroupTopics topics, ReadOnlyMemory<byte> metadata)
    {
        var reader = new MessageReader(metadata);
        var version = ReadVersion(ref reader);
        var message = new ConsumerProtocolAssignment();
        foreach (var (topicId, partitions) in assignment.Partitions.OrderBy(topic => topic.Key))
        {
            // A topic that is deleted has no name any more.
            if (topics.TryGet(topicId, out var topic))
                message.AssignedPartitions.Add(new() { Topic = topic.Name, Partitions = [.. partitions] });
        }

        var writer = new MessageWriter();
        writer.WriteInt16(version);
        message.Write(writer, version);
        return writer.ToArray();
    }

    /// <summary>Partitions by topic name, as far as the topics exist.</summary>
    public static Assignment ToAssignment(IEnumerable<(string Topic, List<int> Partitions)> partitions, IGroupTopics topics) =>
        Assignment.Of(partitions
            .Where(topic => topics.TryGet(topic.Topic, out _))
            .Select(topic => KeyValuePair.Create(topics.TryGet(topic.Topic, out var known) ? known.Id : default, topic.Partitions.ToImmutableSortedSet())));

    /// <summary>Versions to come begin with the fields of the last one known.</summary>
    private static short ReadVersion(ref MessageReader reader)
    {
        var version = reader.ReadInt16();
        return version < 0 ? throw new MalformedMessageException($"Unsupported consumer protocol version: {version}") : Math.Min(version, HighestVersion);
    }
}
