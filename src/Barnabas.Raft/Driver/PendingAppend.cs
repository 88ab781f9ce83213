using Barnabas.Protocol.Records;
using Barnabas.Raft.Log;
using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Driver;

/// <summary>A batch that has its offsets and waits to be written.</summary>
internal abstract record PendingAppend(int Epoch, long BaseOffset, int Count)
{
    internal long LastOffset => BaseOffset + Count - 1;

    internal abstract byte[] Build(long timestampMs);

    /// <summary>The controller's records.</summary>
    internal sealed record Data(int Epoch, long BaseOffset, IReadOnlyList<ReadOnlyMemory<byte>> Records) : PendingAppend(Epoch, BaseOffset, Records.Count)
    {
        internal override byte[] Build(long timestampMs) => RaftBatch.Data(BaseOffset, Epoch, timestampMs, Records);
    }

    /// <summary>A change of the quorum.</summary>
    internal sealed record Voters(int Epoch, long BaseOffset, short? KRaftVersion, VoterSet Set)
        : PendingAppend(Epoch, BaseOffset, KRaftVersion is null ? 1 : 2)
    {
        internal override byte[] Build(long timestampMs)
        {
            List<(ControlRecordType, ReadOnlyMemory<byte>)> records = [];
            if (KRaftVersion is { } version) records.Add(KRaftControl.KRaftVersionRecord(version));
            records.Add(KRaftControl.VotersRecord(Set));
            return RaftBatch.Control(BaseOffset, Epoch, timestampMs, records);
        }
    }
}
