using System.Collections;
using System.Text;
using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Security;

/// <summary>ACL bypass attempts, over every API that is advertised: who has no right gets nothing and changes nothing.</summary>
public sealed class NoRightsTests
{
    private const int Port = 9092;
    private const string StandardAuthorizer = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_principal_with_no_right_gets_nothing_from_any_api(bool onController)
    {
        using var folder = new TemporaryFolder();
        var topicId = await CreateSecretsAsync(folder.Path);
        await using var broker = await StartAsync(folder.Path, ("authorizer.class.name", StandardAuthorizer));
        var served = await ServedAsync(broker, onController ? Port + 1 : Port);
        Assert.Contains(ApiKey.CreateTopics, served.Keys);
        foreach (var (key, version) in served)
        {
            if (RightlessRequests.Harmless.Contains(key))
                continue;
            var (request, codes) = RightlessRequests.Of(key, topicId);
            if (onController && request is DescribeClusterRequest cluster)
                cluster.EndpointType = 2;
            if (onController && key == ApiKey.Fetch)
                codes = [ErrorCode.ClusterAuthorizationFailed];
            await using var client = await RawClient.ConnectAsync(broker, onController ? Port + 1 : Port);
            await client.SendAsync(request, version);
            var frame = await client.ReceiveFrameAsync();
            Assert.True(frame is not null, $"{key}: the connection was closed");
            var response = ApiCatalog.Get(key).NewResponse();
            var reader = new MessageReader(frame);
            new ResponseHeader().Read(ref reader, ApiCatalog.Get(key).ResponseHeaderVersion(version));
            response.Read(ref reader, version);
            var found = new SortedSet<ErrorCode>();
            Collect(response, found);
            Assert.True(found.SetEquals(codes), $"{key} answers {string.Join(", ", found)} instead of {string.Join(", ", codes)}");
            AssertTellsNothing(key, response, frame);
        }
    }

    [Fact]
    public async Task Listings_leave_out_what_may_not_be_seen()
    {
        using var folder = new TemporaryFolder();
        await CreateSecretsAsync(folder.Path);
        await using var broker = await StartAsync(folder.Path, ("authorizer.class.name", StandardAuthorizer));
        await using var client = await RawClient.ConnectAsync(broker, Port);
        Assert.Empty((await client.CallAsync(new MetadataRequest { Topics = null }, 12)).Topics);
        Assert.Empty((await client.CallAsync(new DescribeTopicPartitionsRequest { ResponsePartitionLimit = 10 }, 0)).Topics);
        Assert.Empty((await client.CallAsync(new ListGroupsRequest(), 5)).Groups);
    }

    [Fact]
    public async Task A_follower_that_is_none_reads_nothing()
    {
        using var folder = new TemporaryFolder();
        var id = await CreateSecretsAsync(folder.Path);
        await using var broker = await StartAsync(folder.Path, ("authorizer.class.name", StandardAuthorizer));
        await using var client = await RawClient.ConnectAsync(broker, Port);
        var request = new FetchRequest { ReplicaState = new() { ReplicaId = 1 }, MaxBytes = 1000, SessionEpoch = -1, Topics = [new() { TopicId = id, Partitions = [new() { PartitionMaxBytes = 1000 }] }] };
        var partition = (await client.CallAsync(request, 16)).Responses[0].Partitions[0];
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, partition.ErrorCode);
        Assert.Equal(0, partition.Records.GetValueOrDefault().Length);
    }

    [Fact]
    public async Task Transactional_records_need_the_transactional_id_whatever_the_request_says()
    {
        using var folder = new TemporaryFolder();
        var id = await CreateSecretsAsync(folder.Path);
        await using var broker = await StartAsync(folder.Path, ("authorizer.class.name", StandardAuthorizer), ("allow.everyone.if.no.acl.found", "true"));
        await using var client = await RawClient.ConnectAsync(broker, Port);
        var records = Records.Transactional(7, 0, 0, "x");
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 100, TransactionalId = null, TopicData = [new() { TopicId = id, PartitionData = [new() { Records = records }] }] };
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, (await client.CallAsync(request, 13)).Responses[0].PartitionResponses[0].ErrorCode);
    }

    private static async Task<Uuid> CreateSecretsAsync(string folder)
    {
        await using var broker = await StartAsync(folder);
        await using var topic = await TopicClient.CreateAsync(broker, RightlessRequests.Topic);
        Assert.Equal(ErrorCode.None, (await topic.ProduceAsync(Records.Batch("secret-value"))).ErrorCode);
        await topic.Raw.CallAsync(new FindCoordinatorRequest { CoordinatorKeys = [RightlessRequests.Group] }, 4);
        var commit = new OffsetCommitRequest
        {
            GroupId = RightlessRequests.Group,
            MemberId = "",
            GenerationIdOrMemberEpoch = -1,
            Topics = [new() { Name = RightlessRequests.Topic, Partitions = [new() { CommittedOffset = 1, CommittedMetadata = "secret-metadata" }] }],
        };
        Assert.Equal(ErrorCode.None, (await topic.Raw.CallAsync(commit, 9)).Topics[0].Partitions[0].ErrorCode);
        var metadata = await topic.Raw.CallAsync(new MetadataRequest { Topics = [new() { Name = RightlessRequests.Topic }] }, 12);
        return metadata.Topics[0].TopicId;
    }

    private static Task<TestBroker> StartAsync(string folder, params (string Key, string Value)[] more)
    {
        var properties = new Dictionary<string, string>
        {
            ["listeners"] = $"PLAINTEXT://localhost:{Port},CONTROLLER://localhost:{Port + 1}",
            ["advertised.listeners"] = $"PLAINTEXT://localhost:{Port}",
        };
        foreach (var (key, value) in more)
            properties[key] = value;
        return TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true, LogDirectory = folder, Properties = properties });
    }

    private static async Task<SortedDictionary<ApiKey, short>> ServedAsync(TestBroker broker, int port)
    {
        await using var client = await RawClient.ConnectAsync(broker, port);
        var response = await client.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1" }, 3);
        return new(response.ApiKeys.ToDictionary(api => (ApiKey)api.ApiKey, api => api.MaxVersion));
    }

    private static void Collect(object message, SortedSet<ErrorCode> codes)
    {
        foreach (var property in message.GetType().GetProperties())
        {
            if (property.GetIndexParameters().Length > 0)
                continue;
            switch (property.GetValue(message))
            {
                case ErrorCode code when code != ErrorCode.None:
                    codes.Add(code);
                    break;
                case IList list:
                    foreach (var item in list)
                    {
                        if (item is not (null or string or ValueType))
                            Collect(item, codes);
                    }
                    break;
                case { } nested when nested.GetType().DeclaringType is not null && nested is not ValueType:
                    Collect(nested, codes);
                    break;
            }
        }
    }

    private static void AssertTellsNothing(ApiKey key, IResponse response, byte[] frame)
    {
        var text = Encoding.UTF8.GetString(frame);
        Assert.False(text.Contains("secret-value", StringComparison.Ordinal) || text.Contains("secret-metadata", StringComparison.Ordinal), $"{key} gives a secret away");
        switch (response)
        {
            case ListGroupsResponse groups:
                Assert.Empty(groups.Groups);
                break;
            case ListTransactionsResponse transactions:
                Assert.Empty(transactions.TransactionStates);
                break;
            case DescribeClusterResponse cluster:
                Assert.Equal(0, cluster.ClusterAuthorizedOperations);
                break;
            case MetadataResponse metadata:
                Assert.All(metadata.Topics, topic => Assert.Empty(topic.Partitions));
                break;
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("barnabas-rights-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
