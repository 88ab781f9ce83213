using System.Net;
using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Node;

/// <summary>What a controller's listener serves to other nodes.</summary>
public sealed class QuorumApiTests
{
    private const string Topic = "__cluster_metadata";
    private const int Port = 9093;

    [Fact]
    public async Task A_replica_follows_the_metadata_log_and_is_described_as_an_observer()
    {
        await using var broker = await StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var epoch = await EpochAsync(raw);
        var (offset, lastEpoch) = (0L, 0);
        while (true)
        {
            var partition = await FetchAsync(raw, offset, lastEpoch, epoch, 0);
            Assert.Equal((ErrorCode.None, 1, epoch), (partition.ErrorCode, partition.CurrentLeader.LeaderId, partition.CurrentLeader.LeaderEpoch));
            if (partition.Records.GetValueOrDefault().Length == 0) break;
            foreach (var batch in RecordBatches.Enumerate(partition.Records!.Value))
            {
                Assert.Equal(offset, batch.BaseOffset);
                (offset, lastEpoch) = (batch.NextOffset, batch.PartitionLeaderEpoch);
            }
        }
        Assert.True(offset > 5);

        var waiting = FetchAsync(raw, offset, lastEpoch, epoch, 20_000);
        await using var topic = await TopicClient.CreateAsync(broker, "woken");
        Assert.True((await waiting).Records.GetValueOrDefault().Length > 0, "A new topic woke nobody.");

        var quorum = await raw.CallAsync(new DescribeQuorumRequest { Topics = [new() { TopicName = Topic, Partitions = [new()] }] }, 2);
        Assert.Equal((7, offset), (Assert.Single(quorum.Topics[0].Partitions[0].Observers).ReplicaId, quorum.Topics[0].Partitions[0].Observers[0].LogEndOffset));
    }

    [Fact]
    public async Task A_log_that_went_another_way_is_told_where_and_wrong_epochs_are_refused()
    {
        await using var broker = await StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var epoch = await EpochAsync(raw);
        var diverged = await FetchAsync(raw, 1_000_000, epoch, epoch, 20_000);
        Assert.Equal((epoch, true), (diverged.DivergingEpoch.Epoch, diverged.DivergingEpoch.EndOffset is > 0 and < 1_000_000));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, (await FetchAsync(raw, 0, 0, epoch - 1, 0)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await FetchAsync(raw, 0, 0, epoch + 1, 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await FetchAsync(raw, 0, epoch + 1, epoch, 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(new FetchRequest { Topics = [new() { TopicId = new Uuid(4, 4), Partitions = [new()] }] }, 17)).ErrorCode);
        Assert.Equal(ErrorCode.InconsistentClusterId, (await raw.CallAsync(new FetchRequest { ClusterId = "other" }, 17)).ErrorCode);
    }

    [Fact]
    public async Task A_snapshot_is_given_out_in_parts()
    {
        await using var broker = await StartAsync(("metadata.log.max.record.bytes.between.snapshots", "1"));
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var epoch = await EpochAsync(raw);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        FetchResponse.PartitionData first;
        for (var i = 0; (first = await FetchAsync(raw, 0, 0, epoch, 0)).SnapshotId.Epoch < 0; i++)
        {
            Assert.False(limit.IsCancellationRequested, "No snapshot was written.");
            await using var topic = await TopicClient.CreateAsync(broker, $"more-{i}");
        }
        var bytes = new List<byte>();
        long size;
        do
        {
            var part = await SnapshotAsync(raw, epoch, first.SnapshotId.EndOffset, first.SnapshotId.Epoch, bytes.Count);
            Assert.Equal((ErrorCode.None, (long)bytes.Count), (part.ErrorCode, part.Position));
            bytes.AddRange(part.UnalignedRecords!.Value.Span);
            size = part.Size;
        }
        while (bytes.Count < size);
        var control = 0;
        foreach (var batch in RecordBatches.Enumerate(bytes.ToArray()))
            control += batch.IsControl ? 1 : 0;
        Assert.True(control >= 2, "A snapshot has a header and a footer.");
        Assert.Equal(ErrorCode.PositionOutOfRange, (await SnapshotAsync(raw, epoch, first.SnapshotId.EndOffset, first.SnapshotId.Epoch, size)).ErrorCode);
        Assert.Equal(ErrorCode.SnapshotNotFound, (await SnapshotAsync(raw, epoch, 1, 0, 0)).ErrorCode);
        Assert.Equal(ErrorCode.SnapshotNotFound, (await SnapshotAsync(raw, epoch, 0, 0, 0)).ErrorCode);
    }

    [Fact]
    public async Task A_candidate_of_a_higher_epoch_ends_leadership_and_the_only_voter_leads_again_with_all_it_knew()
    {
        await using var broker = await StartAsync(("controller.quorum.election.timeout.ms", "50"));
        await using (var kept = await TopicClient.CreateAsync(broker, "kept"))
            await kept.ProduceAsync(Records.Batch("x"));
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var epoch = await EpochAsync(raw);

        var vote = await raw.CallAsync(Vote(epoch + 3, lastEpoch: 0), 2);
        var partition = vote.Topics[0].Partitions[0];
        Assert.Equal((ErrorCode.None, epoch + 3, false), (partition.ErrorCode, partition.LeaderEpoch, partition.VoteGranted));

        await using var again = await CreateAfterElectionAsync(broker, "after");
        Assert.Equal(epoch + 4, await EpochAsync(raw));
        var metadata = await again.Raw.CallAsync(new MetadataRequest { Topics = null }, 12);
        Assert.Equal(["after", "after-2", "kept"], metadata.Topics.Select(t => t.Name).Order());
        Assert.Equal(ErrorCode.FencedLeaderEpoch, (await raw.CallAsync(Vote(epoch, 0), 2)).Topics[0].Partitions[0].ErrorCode);
        await broker.RestartAsync();
        Assert.Equal(epoch + 5, await EpochAsync(await RawClient.ConnectAsync(broker, Port)));
    }

    [Fact]
    public async Task Another_leader_is_followed_and_replaced_when_it_is_silent_or_gives_up()
    {
        await using var broker = await StartAsync(("controller.quorum.fetch.timeout.ms", "60"), ("controller.quorum.election.timeout.ms", "50"));
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var epoch = await EpochAsync(raw);
        var begun = await raw.CallAsync(new BeginQuorumEpochRequest { Topics = [new() { TopicName = Topic, Partitions = [new() { LeaderId = 5, LeaderEpoch = epoch + 1 }] }] }, 1);
        Assert.Equal((ErrorCode.None, 5, epoch + 1), (begun.Topics[0].Partitions[0].ErrorCode, begun.Topics[0].Partitions[0].LeaderId, begun.Topics[0].Partitions[0].LeaderEpoch));
        await using (await CreateAfterElectionAsync(broker, "silent"))
            Assert.Equal(epoch + 2, await EpochAsync(raw));
        var ended = await raw.CallAsync(new EndQuorumEpochRequest { Topics = [new() { TopicName = Topic, Partitions = [new() { LeaderId = 5, LeaderEpoch = epoch + 3 }] }] }, 1);
        Assert.Equal(ErrorCode.None, ended.Topics[0].Partitions[0].ErrorCode);
        await using (await CreateAfterElectionAsync(broker, "given-up"))
            Assert.Equal(epoch + 4, await EpochAsync(raw));
        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(new EndQuorumEpochRequest(), 1)).ErrorCode);
        Assert.Equal(ErrorCode.InconsistentClusterId, (await raw.CallAsync(new BeginQuorumEpochRequest { ClusterId = "other" }, 1)).ErrorCode);
    }

    [Fact]
    public async Task A_static_voter_is_upgraded_and_its_endpoint_changed_which_a_restart_keeps()
    {
        await using var broker = await StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var dry = await UpgradeAsync(raw, dryRun: true);
        Assert.Equal((ErrorCode.None, 0), (dry.ErrorCode, await KRaftVersionAsync(raw)));
        var before = await EpochAsync(raw);
        var features = await UpgradeAsync(raw, dryRun: false);
        Assert.Equal((ErrorCode.None, 1), (features.ErrorCode, await KRaftVersionAsync(raw)));
        Assert.Equal(ErrorCode.None, (await UpgradeAsync(raw, dryRun: false)).ErrorCode);
        var down = await raw.CallAsync(new UpdateFeaturesRequest { TimeoutMs = 10_000, FeatureUpdates = [new() { Feature = "kraft.version", MaxVersionLevel = 0, UpgradeType = 2 }] }, 2);
        Assert.EndsWith("Invalid update version 0 for feature kraft.version. Can't downgrade the version of this feature.", down.ErrorMessage);
        await using var topic = await TopicClient.CreateAsync(broker, "after-upgrade");

        var directory = (await DescribeAsync(raw)).Topics[0].Partitions[0].CurrentVoters[0].ReplicaDirectoryId;
        Assert.NotEqual(Uuid.Zero, directory);
        var update = new UpdateRaftVoterRequest
        {
            ClusterId = null,
            CurrentLeaderEpoch = before,
            VoterId = 1,
            VoterDirectoryId = directory,
            Listeners = [new() { Name = "CONTROLLER", Host = "moved", Port = 4711 }],
            KRaftVersionFeature = new() { MinSupportedVersion = 0, MaxSupportedVersion = 1 },
        };
        Assert.Equal(ErrorCode.None, (await raw.CallAsync(update, 0)).ErrorCode);
        update.VoterDirectoryId = new Uuid(1, 2);
        Assert.Equal(ErrorCode.VoterNotFound, (await raw.CallAsync(update, 0)).ErrorCode);
        update.Listeners[0].Name = "OTHER";
        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(update, 0)).ErrorCode);

        await broker.RestartAsync();
        await using var afterwards = await RawClient.ConnectAsync(broker, Port);
        Assert.Equal(1, await KRaftVersionAsync(afterwards));
        var node = Assert.Single((await DescribeAsync(afterwards)).Nodes);
        Assert.Equal(("moved", 4711), (node.Listeners[0].Host, (int)node.Listeners[0].Port));
    }

    [Fact]
    public async Task Every_version_is_answered()
    {
        await using var broker = await StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var epoch = await EpochAsync(raw);
        for (short version = 0; version <= 2; version++)
        {
            var described = await raw.CallAsync(new DescribeQuorumRequest { Topics = [new() { TopicName = Topic, Partitions = [new()] }] }, version);
            Assert.Equal((ErrorCode.None, version >= 2 ? 1 : 0), (described.Topics[0].Partitions[0].ErrorCode, described.Nodes.Count));
            var vote = await raw.CallAsync(Vote(epoch, 0), version);
            Assert.Equal((ErrorCode.None, 1, version >= 1 ? 1 : 0), (vote.Topics[0].Partitions[0].ErrorCode, vote.Topics[0].Partitions[0].LeaderId, vote.NodeEndpoints.Count));
        }
        for (short version = 0; version <= 1; version++)
        {
            var begun = await raw.CallAsync(new BeginQuorumEpochRequest { Topics = [new() { TopicName = Topic, Partitions = [new() { LeaderId = 5, LeaderEpoch = 0 }] }] }, version);
            var ended = await raw.CallAsync(new EndQuorumEpochRequest { Topics = [new() { TopicName = Topic, Partitions = [new() { LeaderId = 5, LeaderEpoch = 0 }] }] }, version);
            Assert.Equal((ErrorCode.FencedLeaderEpoch, ErrorCode.FencedLeaderEpoch), (begun.Topics[0].Partitions[0].ErrorCode, ended.Topics[0].Partitions[0].ErrorCode));
            var snapshot = new FetchSnapshotRequest { MaxBytes = 100 };
            snapshot.Topics.Add(new() { Name = Topic, Partitions = [new() { CurrentLeaderEpoch = epoch }] });
            Assert.Equal(ErrorCode.SnapshotNotFound, (await raw.CallAsync(snapshot, version)).Topics[0].Partitions[0].ErrorCode);
        }
        for (short version = 12; version <= 18; version++)
        {
            var fetch = new FetchRequest { MaxBytes = 1 << 20, SessionEpoch = -1 };
            fetch.Topics.Add(new() { Topic = Topic, TopicId = Uuid.One, Partitions = [new() { LastFetchedEpoch = 0, CurrentLeaderEpoch = epoch, PartitionMaxBytes = 1 << 20 }] });
            var partition = (await raw.CallAsync(fetch, version)).Responses[0].Partitions[0];
            Assert.Equal((ErrorCode.None, true), (partition.ErrorCode, partition.Records is { Length: > 0 }));
        }
    }

    [Fact]
    public async Task An_envelope_is_opened_and_answered_as_what_it_holds()
    {
        await using var broker = await StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var create = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "wrapped", NumPartitions = 1, ReplicationFactor = 1 }] };
        var answer = await raw.CallAsync(Envelope(create, 7, 42), 0);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        var reader = new MessageReader(answer.ResponseData!.Value);
        var header = new ResponseHeader();
        header.Read(ref reader, ApiCatalog.Get(ApiKey.CreateTopics).ResponseHeaderVersion(7));
        var created = new CreateTopicsResponse();
        created.Read(ref reader, 7);
        Assert.Equal((42, ErrorCode.None, "wrapped"), (header.CorrelationId, created.Topics[0].ErrorCode, created.Topics[0].Name));

        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(Envelope(new DescribeClusterRequest { EndpointType = 2 }, 1, 1), 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(Envelope(Envelope(create, 7, 1), 0, 1), 0)).ErrorCode);
        var noPrincipal = Envelope(create, 7, 1);
        noPrincipal.RequestPrincipal = null;
        Assert.Equal(ErrorCode.PrincipalDeserializationFailure, (await raw.CallAsync(noPrincipal, 0)).ErrorCode);
        var noAddress = Envelope(create, 7, 1);
        noAddress.ClientHostAddress = new byte[] { 1, 2 };
        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(noAddress, 0)).ErrorCode);
        var torn = Envelope(create, 7, 1);
        torn.RequestData = torn.RequestData[..20];
        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(torn, 0)).ErrorCode);
    }

    [Fact]
    public async Task What_an_envelope_holds_is_judged_by_the_clients_rights()
    {
        await using var broker = await StartAsync(
            ("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"), ("super.users", "User:ANONYMOUS"));
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        var create = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "wrapped", NumPartitions = 1, ReplicationFactor = 1 }] };
        var answer = await raw.CallAsync(Envelope(create, 7, 42), 0);
        var reader = new MessageReader(answer.ResponseData!.Value);
        new ResponseHeader().Read(ref reader, ApiCatalog.Get(ApiKey.CreateTopics).ResponseHeaderVersion(7));
        var created = new CreateTopicsResponse();
        created.Read(ref reader, 7);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, created.Topics[0].ErrorCode);
    }

    private static Task<TestBroker> StartAsync(params (string Key, string Value)[] more) =>
        Brokers.StartAsync([("listeners", $"PLAINTEXT://localhost:9092,CONTROLLER://localhost:{Port}"), .. more]);

    private static EnvelopeRequest Envelope(IRequest request, short version, int correlationId)
    {
        using var data = new MessageWriter();
        new RequestHeader { RequestApiKey = (short)request.ApiKey, RequestApiVersion = version, CorrelationId = correlationId, ClientId = "alice's" }
            .Write(data, ApiCatalog.Get(request.ApiKey).RequestHeaderVersion(version));
        request.Write(data, version);
        using var principal = new MessageWriter();
        new DefaultPrincipalData { Type = "User", Name = "alice" }.Write(principal, 0);
        return new EnvelopeRequest
        {
            RequestData = data.ToArray(),
            RequestPrincipal = new byte[] { 0, 0 }.Concat(principal.ToArray()).ToArray(),
            ClientHostAddress = IPAddress.Loopback.GetAddressBytes(),
        };
    }

    private static VoteRequest Vote(int epoch, int lastEpoch) =>
        new() { Topics = [new() { TopicName = Topic, Partitions = [new() { ReplicaId = 9, ReplicaEpoch = epoch, LastOffsetEpoch = lastEpoch, LastOffset = 1 }] }] };

    /// <summary>Asks again while nobody leads.</summary>
    private static async Task<TopicClient> CreateAfterElectionAsync(TestBroker broker, string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var raw = await RawClient.ConnectAsync(broker, Port);
        while (true)
        {
            var request = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 }] };
            var answer = (await raw.CallAsync(request, 7)).Topics[0];
            if (answer.ErrorCode is ErrorCode.None or ErrorCode.TopicAlreadyExists) return await TopicClient.CreateAsync(broker, name + "-2");
            Assert.True(answer.ErrorCode == ErrorCode.NotController, $"{answer.ErrorCode}: {answer.ErrorMessage}");
            Assert.False(limit.IsCancellationRequested, "Nobody was elected.");
        }
    }

    private static async Task<DescribeQuorumResponse> DescribeAsync(RawClient raw) =>
        await raw.CallAsync(new DescribeQuorumRequest { Topics = [new() { TopicName = Topic, Partitions = [new()] }] }, 2);

    private static async Task<int> EpochAsync(RawClient raw) => (await DescribeAsync(raw)).Topics[0].Partitions[0].LeaderEpoch;

    private static async Task<UpdateFeaturesResponse> UpgradeAsync(RawClient raw, bool dryRun) => await raw.CallAsync(
        new UpdateFeaturesRequest { TimeoutMs = 10_000, ValidateOnly = dryRun, FeatureUpdates = [new() { Feature = "kraft.version", MaxVersionLevel = 1, UpgradeType = 1 }] }, 2);

    private static async Task<int> KRaftVersionAsync(RawClient raw)
    {
        var response = await raw.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "raw", ClientSoftwareVersion = "1" }, 4);
        return response.FinalizedFeatures.Find(f => f.Name == "kraft.version")?.MaxVersionLevel ?? 0;
    }

    private static async Task<FetchResponse.PartitionData> FetchAsync(RawClient raw, long offset, int lastEpoch, int epoch, int waitMs)
    {
        var request = new FetchRequest { MaxWaitMs = waitMs, MaxBytes = 1 << 20, ReplicaState = new() { ReplicaId = 7 }, SessionEpoch = -1 };
        request.Topics.Add(new() { TopicId = Uuid.One, Partitions = [new() { FetchOffset = offset, LastFetchedEpoch = lastEpoch, CurrentLeaderEpoch = epoch, PartitionMaxBytes = 1 << 20 }] });
        var response = await raw.CallAsync(request, 17);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return response.Responses[0].Partitions[0];
    }

    private static async Task<FetchSnapshotResponse.PartitionSnapshot> SnapshotAsync(RawClient raw, int epoch, long offset, int snapshotEpoch, long position)
    {
        var request = new FetchSnapshotRequest { ReplicaId = 7, MaxBytes = 100 };
        request.Topics.Add(new() { Name = Topic, Partitions = [new() { CurrentLeaderEpoch = epoch, SnapshotId = new() { EndOffset = offset, Epoch = snapshotEpoch }, Position = position }] });
        return (await raw.CallAsync(request, 1)).Topics[0].Partitions[0];
    }
}
