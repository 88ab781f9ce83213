using Barnabas.Client.Admin;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Tests.Networking;

public sealed class ClusterClientTests
{
    private static readonly ClusterMetadataOptions NoCreation = new() { AllowAutoTopicCreation = false };

    [Fact]
    public async Task A_topic_that_appears_late_is_waited_for()
    {
        await using var mock = await MockBroker.StartAsync();
        await using var cluster = new ClusterClient(Options(mock), NoCreation, mock.Environment);
        var topic = cluster.Metadata.GetTopicAsync("late", Until.TooLate).AsTask();
        await cluster.Metadata.RefreshAsync(Until.TooLate);
        Assert.False(topic.IsCompleted);
        mock.WithTopic("late", 3);
        Assert.Equal(3, (await topic).Partitions.Count);
        Assert.Equal("localhost", cluster.Metadata.Current.LeaderOf(new TopicPartition("late", 2))!.Host);
    }

    [Fact]
    public async Task A_topic_whose_name_is_invalid_is_not_waited_for()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.On<MetadataRequest>((request, _) => new MetadataResponse
        {
            Brokers = [new MetadataResponse.MetadataResponseBroker { NodeId = 1, Host = "localhost", Port = mock.Port }],
            Topics = [.. request.Topics!.Select(topic => new MetadataResponse.MetadataResponseTopic { Name = topic.Name, ErrorCode = ErrorCode.InvalidTopicException })],
        });
        await using var cluster = new ClusterClient(Options(mock), NoCreation, mock.Environment);
        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Metadata.GetTopicAsync("no good", Until.TooLate).AsTask());
        Assert.Equal("Invalid topics: [no good]", error.Message);
    }

    [Fact]
    public async Task Connections_have_the_buffers_that_the_options_ask_for()
    {
        await using var mock = await MockBroker.StartAsync();
        var transport = new RecordingTransport(mock.Transport);
        var options = Options(mock) with { ReceiveBufferBytes = 64 * 1024, SendBufferBytes = 128 * 1024 };
        await using var cluster = new ClusterClient(options, NoCreation, mock.Environment with { Transport = transport });
        await cluster.Metadata.RefreshAsync(Until.TooLate);
        Assert.Equal((64 * 1024, 128 * 1024), transport.Buffers);
    }

    [Fact]
    public async Task A_leader_of_an_older_epoch_does_not_replace_a_newer_one()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1).LeaderEpoch = 5;
        await using var cluster = new ClusterClient(Options(mock), NoCreation, mock.Environment);
        await cluster.Metadata.GetTopicAsync("t", Until.TooLate);
        mock.LeaderEpoch = 4;
        var snapshot = await cluster.Metadata.RefreshAsync(Until.TooLate);
        Assert.Equal(5, snapshot.Find(new TopicPartition("t", 0))!.LeaderEpoch);
    }

    [Fact]
    public async Task A_coordinator_is_looked_up_once_until_it_is_forgotten()
    {
        await using var mock = await MockBroker.StartAsync();
        await using var cluster = new ClusterClient(Options(mock), NoCreation, mock.Environment);
        for (var round = 0; round < 3; round++) await cluster.FindCoordinatorAsync(CoordinatorKind.Group, "g", Until.TooLate);
        Assert.Single(mock.Received.OfType<FindCoordinatorRequest>());
        cluster.ForgetCoordinator(CoordinatorKind.Group, "g");
        await cluster.FindCoordinatorAsync(CoordinatorKind.Group, "g", Until.TooLate);
        Assert.Equal(2, mock.Received.OfType<FindCoordinatorRequest>().Count());
    }

    [Fact]
    public async Task A_cluster_that_nobody_answers_for_times_out_with_Kafkas_words()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.Transport.Faults.RefusesConnections = true;
        await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = [mock.BootstrapServer] }, mock.Environment);
        var error = await Assert.ThrowsAsync<KafkaTimeoutException>(() => admin.ListTopicsAsync(timeout: TimeSpan.FromMilliseconds(300)));
        Assert.Equal("Timed out waiting for a node assignment. Call: listTopics", error.Message);
    }

    [Fact]
    public async Task A_call_in_flight_when_the_connection_is_cut_is_made_again()
    {
        await using var mock = await MockBroker.StartAsync();
        var asked = 0;
        mock.On<CreateTopicsRequest>((request, _) =>
        {
            if (Interlocked.Increment(ref asked) > 1) return new CreateTopicsResponse { Topics = [new CreateTopicsResponse.CreatableTopicResult { Name = request.Topics[0].Name, NumPartitions = 4 }] };
            mock.Transport.Faults.CutAll();
            return null;
        });
        await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = [mock.BootstrapServer] }, mock.Environment);
        var outcome = await admin.CreateTopicsAsync([new NewTopic { Name = "t" }], cancellationToken: Until.TooLate);
        Assert.Equal(4, outcome["t"].Value.PartitionCount);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_version_that_the_node_does_not_have_is_refused_with_Kafkas_words()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.On<ApiVersionsRequest>((_, _) =>
        {
            var response = MockBroker.AllVersions();
            response.ApiKeys.RemoveAll(api => api.ApiKey == (short)ApiKey.DeleteTopics);
            return response;
        });
        await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = [mock.BootstrapServer] }, mock.Environment);
        var outcome = await admin.DeleteTopicsAsync(["t"], cancellationToken: Until.TooLate);
        Assert.Equal("The node does not support DELETE_TOPICS", outcome["t"].Error!.Message);
    }

    private static AdminClientOptions Options(MockBroker mock) => new() { BootstrapServers = [mock.BootstrapServer] };
}
