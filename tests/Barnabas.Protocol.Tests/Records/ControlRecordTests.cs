using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Tests.Records;

public sealed class ControlRecordTests
{
    [Theory]
    [InlineData("commit.control", true)]
    [InlineData("abort.control", false)]
    public void Transaction_markers_of_Apache_Kafka_are_read_and_written_byte_for_byte(string name, bool isCommit)
    {
        var golden = SampleRecords.Golden(name);
        var batch = new RecordBatch(golden);
        Assert.True(batch.IsControl && batch.IsTransactional);
        var markers = new List<EndTransactionMarker>();
        foreach (var record in batch.Records())
            markers.Add(EndTransactionMarker.Read(record));
        Assert.Equal([new EndTransactionMarker(isCommit, 21)], markers);
        Assert.Equal(golden, markers[0].BuildBatch(33, SampleRecords.BaseTimestamp, 8, 4711, 3));
    }

    [Theory]
    [InlineData("leaderchange.control", typeof(LeaderChangeMessage))]
    [InlineData("snapshotheader.control", typeof(SnapshotHeaderRecord))]
    [InlineData("snapshotfooter.control", typeof(SnapshotFooterRecord))]
    [InlineData("kraftversion.control", typeof(KRaftVersionRecord))]
    [InlineData("voters.control", typeof(VotersRecord))]
    public void Control_records_of_raft_are_read_and_written_byte_for_byte(string name, Type expected)
    {
        var golden = SampleRecords.Golden(name);
        var batch = new RecordBatch(golden);
        var messages = new List<IMessage?>();
        foreach (var record in batch.Records())
            messages.Add(ControlRecords.ReadMessage(record));
        var message = Assert.Single(messages);
        Assert.IsType(expected, message);
        Assert.Equal(golden, ControlRecords.BuildBatch(message!, 0, batch.BaseOffset, batch.BaseTimestamp, batch.PartitionLeaderEpoch));
    }

    [Fact]
    public void Types_of_later_versions_are_unknown()
    {
        Assert.Equal(ControlRecordType.Unknown, ControlRecords.ReadType([0, 0, 0, 99]));
        Assert.Equal(99, ControlRecords.ReadTypeId([0, 0, 0, 99]));
        Assert.Equal(ControlRecordType.LeaderChange, ControlRecords.ReadType([0, 1, 0, 2, 5, 5]));
    }

    [Fact]
    public void Malformed_keys_are_invalid()
    {
        Assert.Throws<InvalidRecordException>(() => ControlRecords.ReadType([0, 0, 0]));
        Assert.Throws<InvalidRecordException>(() => ControlRecords.ReadType([0xff, 0, 0, 1]));
    }
}
