using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Log;

/// <summary>The control records of KRaft: what their keys and values are.</summary>
internal static class KRaftControl
{
    internal static (ControlRecordType, ReadOnlyMemory<byte>) LeaderChangeRecord(
        int leaderId, VoterSet voters, IReadOnlyList<ReplicaKey> granting)
    {
        // Apache Kafka 4.3 reads every leader change as version 0, without directory ids, whatever kraft.version is.
        var message = new LeaderChangeMessage { Version = 0, LeaderId = leaderId };
        foreach (var voter in voters.Voters.Values) message.Voters.Add(new() { VoterId = voter.Key.Id });
        foreach (var voter in granting) message.GrantingVoters.Add(new() { VoterId = voter.Id });
        return (ControlRecordType.LeaderChange, Bytes(message, 0));
    }

    internal static (ControlRecordType, ReadOnlyMemory<byte>) KRaftVersionRecord(short level) =>
        (ControlRecordType.KRaftVersion, Bytes(new KRaftVersionRecord { Version = 0, KRaftVersion = level }, 0));

    internal static (ControlRecordType, ReadOnlyMemory<byte>) VotersRecord(VoterSet voters) => (ControlRecordType.KRaftVoters, Bytes(voters.ToRecord(), 0));

    internal static (ControlRecordType, ReadOnlyMemory<byte>) SnapshotHeaderRecord(long lastContainedLogTimeMs) =>
        (ControlRecordType.SnapshotHeader, Bytes(new SnapshotHeaderRecord { Version = 0, LastContainedLogTimestamp = lastContainedLogTimeMs }, 0));

    internal static (ControlRecordType, ReadOnlyMemory<byte>) SnapshotFooterRecord() =>
        (ControlRecordType.SnapshotFooter, Bytes(new SnapshotFooterRecord { Version = 0 }, 0));

    /// <summary>Notes what a control record says about the quorum.</summary>
    internal static void Apply(in RecordView record, long offset, VoterSetHistory history)
    {
        switch (ControlRecords.ReadType(record.KeyBytes.Span))
        {
            case ControlRecordType.KRaftVersion:
                var version = new KRaftVersionRecord();
                ReadInto(version, record.ValueBytes);
                history.AddVersion(offset, version.KRaftVersion);
                break;
            case ControlRecordType.KRaftVoters:
                var voters = new VotersRecord();
                ReadInto(voters, record.ValueBytes);
                history.AddVoters(offset, VoterSet.From(voters));
                break;
        }
    }

    internal static void ReadInto(IMessage message, ReadOnlyMemory<byte> value)
    {
        // Every control record begins with its own schema version.
        if (value.Length < 2) throw new InvalidDataException("A control record is shorter than its version.");
        var version = System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(value.Span);
        var reader = new MessageReader(value);
        message.Read(ref reader, Math.Min(version, message.HighestVersion));
    }

    private static byte[] Bytes(IMessage message, short version)
    {
        using var writer = new MessageWriter();
        message.Write(writer, version);
        var bytes = new byte[writer.WrittenLength];
        writer.CopyTo(bytes);
        return bytes;
    }
}
