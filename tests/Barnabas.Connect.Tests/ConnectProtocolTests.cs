using Barnabas.Connect.Distributed;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Tests;

/// <summary>The bytes that workers exchange: laid out as Apache Kafka does it in IncrementalCooperativeConnectProtocol.</summary>
public sealed class ConnectProtocolTests
{
    // A worker that holds a connector and two tasks, and gives up a third.
    private const string KafkaAssignment = "000200000006" + "6c6561646572" + "000b" + "687474703a2f2f613a312f" + "000000000000000a" + "00000001" + "0001" + "63" + "00000003" + "ffffffff" + "00000000" + "00000001" + "00000001" + "0001" + "64" + "00000001" + "00000002" + "000003e8";

    private static readonly ConnectAssignment Assignment = new()
    {
        Leader = "leader",
        LeaderUrl = "http://a:1/",
        ConfigOffset = 10,
        Assigned = new ConnectorsAndTasks(["c"], [new ConnectorTaskId("c", 0), new ConnectorTaskId("c", 1)]),
        Revoked = new ConnectorsAndTasks([], [new ConnectorTaskId("d", 2)]),
        DelayMs = 1000,
    };

    [Fact]
    public void An_assignment_has_the_bytes_of_Kafka_Connect()
    {
        var bytes = ConnectProtocol.WriteAssignment(Assignment, ConnectProtocol.Sessioned);
        Assert.Equal(KafkaAssignment, Convert.ToHexStringLower(bytes));
        var read = ConnectProtocol.ReadAssignment(bytes);
        Assert.Equal(Assignment.Assigned.ToString(), read.Assigned.ToString());
        Assert.Equal(Assignment.Revoked.ToString(), read.Revoked.ToString());
        Assert.Equal((Assignment.Leader, Assignment.LeaderUrl, Assignment.ConfigOffset, Assignment.DelayMs), (read.Leader, read.LeaderUrl, read.ConfigOffset, read.DelayMs));
    }

    [Theory]
    [InlineData(ConnectProtocol.Eager, "0000" + "000b687474703a2f2f613a312f" + "ffffffffffffffff")]
    [InlineData(ConnectProtocol.Compatible, "0001" + "000b687474703a2f2f613a312f" + "ffffffffffffffff" + "ffffffff")]
    [InlineData(ConnectProtocol.Sessioned, "0002" + "000b687474703a2f2f613a312f" + "ffffffffffffffff" + "ffffffff")]
    public void A_worker_that_holds_nothing_says_where_it_is_and_what_it_has_read(short version, string expected)
    {
        var bytes = ConnectProtocol.WriteState(new WorkerState("http://a:1/", -1, null), version);
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
        Assert.True(ConnectProtocol.ReadState(bytes).Holds.IsEmpty);
    }

    [Fact]
    public void What_a_worker_holds_is_in_its_metadata_from_the_cooperative_protocol_on()
    {
        var state = new WorkerState("http://a:1/", 10, Assignment);
        Assert.Equal(["sessioned", "compatible", "default"], ConnectProtocol.Offers(state, ConnectProtocol.Sessioned).Select(offer => offer.Key));
        Assert.Equal(Assignment.Assigned.ToString(), ConnectProtocol.ReadState(ConnectProtocol.WriteState(state, ConnectProtocol.Compatible)).Holds.ToString());
        Assert.True(ConnectProtocol.ReadState(ConnectProtocol.WriteState(state, ConnectProtocol.Eager)).Holds.IsEmpty);
    }

    [Fact]
    public void Bytes_that_are_no_workers_are_refused()
    {
        Assert.Throws<Errors.ConnectException>(() => ConnectProtocol.ReadState(new byte[] { 0, 1, 0, 9 }));
        Assert.Throws<Errors.ConnectException>(() => ConnectProtocol.ReadState(new byte[] { 0xFF, 0xFF }));
    }
}
