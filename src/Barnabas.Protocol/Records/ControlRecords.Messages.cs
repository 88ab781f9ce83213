using Barnabas.Protocol.Messages;

namespace Barnabas.Protocol.Records;

// Control records whose value is a message of the schemas: what raft writes.
public static partial class ControlRecords
{
    /// <summary>The type of control record that a message is the value of.</summary>
    /// <exception cref="ArgumentException">It belongs into no control record.</exception>
    public static ControlRecordType TypeOf(IMessage message) => message switch
    {
        LeaderChangeMessage => ControlRecordType.LeaderChange,
        SnapshotHeaderRecord => ControlRecordType.SnapshotHeader,
        SnapshotFooterRecord => ControlRecordType.SnapshotFooter,
        KRaftVersionRecord => ControlRecordType.KRaftVersion,
        VotersRecord => ControlRecordType.KRaftVoters,
        _ => throw new ArgumentException($"{message.GetType().Name} is no control record.", nameof(message)),
    };

    /// <summary>A batch of one control record of raft.</summary>
    /// <param name="message">A leader change, snapshot header or footer, kraft.version or voters record.</param>
    /// <param name="version">The version of the message.</param>
    /// <param name="baseOffset">The record's offset.</param>
    /// <param name="timestamp">In milliseconds since 1970.</param>
    /// <param name="partitionLeaderEpoch">The leader's epoch.</param>
    public static byte[] BuildBatch(IMessage message, short version, long baseOffset, long timestamp, int partitionLeaderEpoch)
    {
        using var writer = new MessageWriter(128);
        message.Write(writer, version);
        return BuildBatch(TypeOf(message), writer.ToArray(), baseOffset, timestamp, partitionLeaderEpoch);
    }

    /// <summary>
    /// The message in a control record of raft, whose slices are good as long as the record is; null for transaction
    /// markers and unknown types.
    /// </summary>
    /// <exception cref="InvalidRecordException">The record's key is malformed, or it has no value.</exception>
    /// <exception cref="MalformedMessageException">The value is no such message.</exception>
    public static IMessage? ReadMessage(in RecordView record)
    {
        var type = ReadType(record.KeyBytes.Span);
        IMessage? message = type switch
        {
            ControlRecordType.LeaderChange => new LeaderChangeMessage(),
            ControlRecordType.SnapshotHeader => new SnapshotHeaderRecord(),
            ControlRecordType.SnapshotFooter => new SnapshotFooterRecord(),
            ControlRecordType.KRaftVersion => new KRaftVersionRecord(),
            ControlRecordType.KRaftVoters => new VotersRecord(),
            _ => null,
        };
        if (message is null)
            return null;
        if (record.ValueSizeInBytes < 2)
            throw new InvalidRecordException($"A control record of type {type} has no value.");
        // Each of these messages begins with the version it was written at.
        var version = System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(record.ValueBytes.Span);
        var reader = new MessageReader(record.ValueBytes);
        message.Read(ref reader, Math.Clamp(version, message.LowestVersion, message.HighestVersion));
        return message;
    }
}
