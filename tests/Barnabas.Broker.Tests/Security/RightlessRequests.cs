using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using static Barnabas.Protocol.ErrorCode;

namespace Barnabas.Broker.Tests.Security;

/// <summary>For every API what somebody without any right sends about things that exist, and the error codes that are all they get.</summary>
internal static class RightlessRequests
{
    public const string Topic = "secret-topic";
    public const string Group = "secret-group";
    public const string TransactionalId = "secret-transaction";

    /// <summary>APIs that tell nothing and change nothing: what they support, and who speaks.</summary>
    public static readonly IReadOnlySet<ApiKey> Harmless = new HashSet<ApiKey>
    {
        ApiKey.ApiVersions, ApiKey.SaslHandshake, ApiKey.SaslAuthenticate, ApiKey.GetTelemetrySubscriptions, ApiKey.PushTelemetry,
    };

    private static readonly Dictionary<ApiKey, (Func<Uuid, IRequest> Request, ErrorCode[] Codes)> Table = new()
    {
        [ApiKey.Produce] = (id => new ProduceRequest { Acks = -1, TimeoutMs = 100, TopicData = [new() { TopicId = id, PartitionData = [new() { Records = Records.Batch("x") }] }] }, [TopicAuthorizationFailed]),
        [ApiKey.Fetch] = (id => new FetchRequest { MaxBytes = 1000, SessionEpoch = -1, Topics = [new() { TopicId = id, Partitions = [new() { PartitionMaxBytes = 1000 }] }] }, [TopicAuthorizationFailed]),
        [ApiKey.ListOffsets] = (_ => new ListOffsetsRequest { ReplicaId = -1, Topics = [new() { Name = Topic, Partitions = [new() { Timestamp = -1 }] }] }, [TopicAuthorizationFailed]),
        [ApiKey.Metadata] = (_ => new MetadataRequest { Topics = [new() { Name = Topic }, new() { Name = "new" }], AllowAutoTopicCreation = true, IncludeTopicAuthorizedOperations = true }, [TopicAuthorizationFailed]),
        [ApiKey.OffsetCommit] = (id => new OffsetCommitRequest { GroupId = Group, MemberId = "", Topics = [new() { TopicId = id, Partitions = [new()] }] }, [GroupAuthorizationFailed]),
        [ApiKey.OffsetFetch] = (_ => new OffsetFetchRequest { Groups = [new() { GroupId = Group, Topics = null }] }, [GroupAuthorizationFailed]),
        [ApiKey.FindCoordinator] = (_ => new FindCoordinatorRequest { CoordinatorKeys = [Group] }, [GroupAuthorizationFailed]),
        [ApiKey.JoinGroup] = (_ => new JoinGroupRequest { GroupId = Group, MemberId = "", ProtocolType = "consumer", SessionTimeoutMs = 10_000, RebalanceTimeoutMs = 10_000, Protocols = [new() { Name = "range" }] }, [GroupAuthorizationFailed]),
        [ApiKey.Heartbeat] = (_ => new HeartbeatRequest { GroupId = Group, MemberId = "m" }, [GroupAuthorizationFailed]),
        [ApiKey.LeaveGroup] = (_ => new LeaveGroupRequest { GroupId = Group, Members = [new() { MemberId = "m" }] }, [GroupAuthorizationFailed]),
        [ApiKey.SyncGroup] = (_ => new SyncGroupRequest { GroupId = Group, MemberId = "m", ProtocolType = "consumer", ProtocolName = "range" }, [GroupAuthorizationFailed]),
        [ApiKey.DescribeGroups] = (_ => new DescribeGroupsRequest { Groups = [Group], IncludeAuthorizedOperations = true }, [GroupAuthorizationFailed]),
        [ApiKey.ListGroups] = (_ => new ListGroupsRequest(), []),
        [ApiKey.CreateTopics] = (_ => new CreateTopicsRequest { Topics = [new() { Name = "new", NumPartitions = 1, ReplicationFactor = 1 }] }, [TopicAuthorizationFailed]),
        [ApiKey.DeleteTopics] = (id => new DeleteTopicsRequest { Topics = [new() { TopicId = id }, new() { Name = Topic }] }, [TopicAuthorizationFailed]),
        [ApiKey.DeleteRecords] = (_ => new DeleteRecordsRequest { Topics = [new() { Name = Topic, Partitions = [new()] }] }, [TopicAuthorizationFailed]),
        [ApiKey.InitProducerId] = (_ => new InitProducerIdRequest { TransactionTimeoutMs = 1000, ProducerId = -1, ProducerEpoch = -1, TransactionalId = null }, [ClusterAuthorizationFailed]),
        [ApiKey.OffsetForLeaderEpoch] = (_ => new OffsetForLeaderEpochRequest { ReplicaId = -1, Topics = [new() { Topic = Topic, Partitions = [new()] }] }, [TopicAuthorizationFailed]),
        [ApiKey.AddPartitionsToTxn] = (_ => new AddPartitionsToTxnRequest { Transactions = [new() { TransactionalId = TransactionalId, Topics = [new() { Name = Topic, Partitions = [0] }] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.AddOffsetsToTxn] = (_ => new AddOffsetsToTxnRequest { TransactionalId = TransactionalId, GroupId = Group }, [TransactionalIdAuthorizationFailed]),
        [ApiKey.EndTxn] = (_ => new EndTxnRequest { TransactionalId = TransactionalId }, [TransactionalIdAuthorizationFailed]),
        [ApiKey.WriteTxnMarkers] = (_ => new WriteTxnMarkersRequest { Markers = [new() { Topics = [new() { Name = Topic, PartitionIndexes = [0] }] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.TxnOffsetCommit] = (_ => new TxnOffsetCommitRequest { TransactionalId = TransactionalId, GroupId = Group, Topics = [new() { Name = Topic, Partitions = [new()] }] }, [TransactionalIdAuthorizationFailed]),
        [ApiKey.DescribeAcls] = (_ => new DescribeAclsRequest { ResourceTypeFilter = 1, PatternTypeFilter = 1, Operation = 1, PermissionType = 1 }, [ClusterAuthorizationFailed]),
        [ApiKey.CreateAcls] = (_ => new CreateAclsRequest { Creations = [new() { ResourceType = 2, ResourceName = "*", Principal = "User:ANONYMOUS", Host = "*", Operation = 2, PermissionType = 3 }] }, [ClusterAuthorizationFailed]),
        [ApiKey.DeleteAcls] = (_ => new DeleteAclsRequest { Filters = [new() { ResourceTypeFilter = 1, PatternTypeFilter = 1, Operation = 1, PermissionType = 1 }] }, [ClusterAuthorizationFailed]),
        [ApiKey.DescribeConfigs] = (_ => new DescribeConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = Topic }, new() { ResourceType = 4, ResourceName = "1" }, new() { ResourceType = 8, ResourceName = "1" }, new() { ResourceType = 16, ResourceName = "m" }, new() { ResourceType = 32, ResourceName = Group }] }, [TopicAuthorizationFailed, GroupAuthorizationFailed, ClusterAuthorizationFailed]),
        [ApiKey.AlterConfigs] = (_ => new AlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = Topic }, new() { ResourceType = 4, ResourceName = "1" }, new() { ResourceType = 32, ResourceName = Group }] }, [TopicAuthorizationFailed, GroupAuthorizationFailed, ClusterAuthorizationFailed]),
        [ApiKey.AlterReplicaLogDirs] = (_ => new AlterReplicaLogDirsRequest { Dirs = [new() { Path = "/", Topics = [new() { Name = Topic, Partitions = [0] }] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.DescribeLogDirs] = (_ => new DescribeLogDirsRequest { Topics = null }, [ClusterAuthorizationFailed]),
        [ApiKey.CreatePartitions] = (_ => new CreatePartitionsRequest { Topics = [new() { Name = Topic, Count = 5 }] }, [TopicAuthorizationFailed]),
        [ApiKey.CreateDelegationToken] = (_ => new CreateDelegationTokenRequest { MaxLifetimeMs = -1 }, [DelegationTokenRequestNotAllowed]),
        [ApiKey.RenewDelegationToken] = (_ => new RenewDelegationTokenRequest { Hmac = new byte[] { 1 }, RenewPeriodMs = 1 }, [DelegationTokenRequestNotAllowed]),
        [ApiKey.ExpireDelegationToken] = (_ => new ExpireDelegationTokenRequest { Hmac = new byte[] { 1 }, ExpiryTimePeriodMs = -1 }, [DelegationTokenRequestNotAllowed]),
        [ApiKey.DescribeDelegationToken] = (_ => new DescribeDelegationTokenRequest { Owners = null }, [DelegationTokenRequestNotAllowed]),
        [ApiKey.DeleteGroups] = (_ => new DeleteGroupsRequest { GroupsNames = [Group] }, [GroupAuthorizationFailed]),
        [ApiKey.ElectLeaders] = (_ => new ElectLeadersRequest { TopicPartitions = null }, [ClusterAuthorizationFailed]),
        [ApiKey.IncrementalAlterConfigs] = (_ => new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = Topic }, new() { ResourceType = 4, ResourceName = "1" }, new() { ResourceType = 8, ResourceName = "1" }, new() { ResourceType = 16, ResourceName = "m" }, new() { ResourceType = 32, ResourceName = Group }] }, [TopicAuthorizationFailed, GroupAuthorizationFailed, ClusterAuthorizationFailed]),
        [ApiKey.AlterPartitionReassignments] = (_ => new AlterPartitionReassignmentsRequest { Topics = [new() { Name = Topic, Partitions = [new()] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.ListPartitionReassignments] = (_ => new ListPartitionReassignmentsRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.OffsetDelete] = (_ => new OffsetDeleteRequest { GroupId = Group, Topics = [new() { Name = Topic, Partitions = [new()] }] }, [GroupAuthorizationFailed]),
        [ApiKey.DescribeClientQuotas] = (_ => new DescribeClientQuotasRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.AlterClientQuotas] = (_ => new AlterClientQuotasRequest { Entries = [new() { Entity = [new() { EntityType = "user", EntityName = "u" }], Ops = [new() { Key = "producer_byte_rate", Value = 1 }] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.DescribeUserScramCredentials] = (_ => new DescribeUserScramCredentialsRequest { Users = null }, [ClusterAuthorizationFailed]),
        [ApiKey.AlterUserScramCredentials] = (_ => new AlterUserScramCredentialsRequest { Deletions = [new() { Name = "u", Mechanism = 1 }] }, [ClusterAuthorizationFailed]),
        [ApiKey.DescribeQuorum] = (_ => new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.AlterPartition] = (_ => new AlterPartitionRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.UpdateFeatures] = (_ => new UpdateFeaturesRequest { FeatureUpdates = [new() { Feature = "group.version", UpgradeType = 2 }] }, [ClusterAuthorizationFailed]),
        [ApiKey.DescribeCluster] = (_ => new DescribeClusterRequest { EndpointType = 1, IncludeClusterAuthorizedOperations = true }, []),
        [ApiKey.DescribeProducers] = (_ => new DescribeProducersRequest { Topics = [new() { Name = Topic, PartitionIndexes = [0] }] }, [TopicAuthorizationFailed]),
        [ApiKey.BrokerRegistration] = (_ => new BrokerRegistrationRequest { BrokerId = 9, ClusterId = "x" }, [ClusterAuthorizationFailed]),
        [ApiKey.BrokerHeartbeat] = (_ => new BrokerHeartbeatRequest { BrokerId = 1, WantShutDown = true }, [ClusterAuthorizationFailed]),
        [ApiKey.UnregisterBroker] = (_ => new UnregisterBrokerRequest { BrokerId = 1 }, [ClusterAuthorizationFailed]),
        [ApiKey.DescribeTransactions] = (_ => new DescribeTransactionsRequest { TransactionalIds = [TransactionalId] }, [TransactionalIdAuthorizationFailed]),
        [ApiKey.ListTransactions] = (_ => new ListTransactionsRequest(), []),
        [ApiKey.AllocateProducerIds] = (_ => new AllocateProducerIdsRequest { BrokerId = 1 }, [ClusterAuthorizationFailed]),
        [ApiKey.ConsumerGroupHeartbeat] = (_ => new ConsumerGroupHeartbeatRequest { GroupId = Group, MemberId = "m", RebalanceTimeoutMs = 1000, SubscribedTopicNames = [Topic], TopicPartitions = [] }, [GroupAuthorizationFailed]),
        [ApiKey.ConsumerGroupDescribe] = (_ => new ConsumerGroupDescribeRequest { GroupIds = [Group], IncludeAuthorizedOperations = true }, [GroupAuthorizationFailed]),
        [ApiKey.ControllerRegistration] = (_ => new ControllerRegistrationRequest { ControllerId = 9 }, [ClusterAuthorizationFailed]),
        [ApiKey.AssignReplicasToDirs] = (_ => new AssignReplicasToDirsRequest { BrokerId = 1 }, [ClusterAuthorizationFailed]),
        [ApiKey.ListConfigResources] = (_ => new ListConfigResourcesRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.DescribeTopicPartitions] = (_ => new DescribeTopicPartitionsRequest { Topics = [new() { Name = Topic }], ResponsePartitionLimit = 10 }, [TopicAuthorizationFailed]),
        [ApiKey.ShareGroupHeartbeat] = (_ => new ShareGroupHeartbeatRequest { GroupId = Group, MemberId = "m", SubscribedTopicNames = [Topic] }, [GroupAuthorizationFailed]),
        [ApiKey.ShareGroupDescribe] = (_ => new ShareGroupDescribeRequest { GroupIds = [Group] }, [GroupAuthorizationFailed]),
        [ApiKey.ShareFetch] = (id => new ShareFetchRequest { GroupId = Group, MemberId = Uuid.Zero.ToString(), MaxBytes = 1000, Topics = [new() { TopicId = id, Partitions = [new()] }] }, [GroupAuthorizationFailed]),
        [ApiKey.ShareAcknowledge] = (id => new ShareAcknowledgeRequest { GroupId = Group, MemberId = Uuid.Zero.ToString(), Topics = [new() { TopicId = id, Partitions = [new()] }] }, [GroupAuthorizationFailed]),
        [ApiKey.InitializeShareGroupState] = (id => new InitializeShareGroupStateRequest { GroupId = Group, Topics = [new() { TopicId = id, Partitions = [new()] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.ReadShareGroupState] = (id => new ReadShareGroupStateRequest { GroupId = Group, Topics = [new() { TopicId = id, Partitions = [new()] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.WriteShareGroupState] = (id => new WriteShareGroupStateRequest { GroupId = Group, Topics = [new() { TopicId = id, Partitions = [new()] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.DeleteShareGroupState] = (id => new DeleteShareGroupStateRequest { GroupId = Group, Topics = [new() { TopicId = id, Partitions = [new()] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.ReadShareGroupStateSummary] = (id => new ReadShareGroupStateSummaryRequest { GroupId = Group, Topics = [new() { TopicId = id, Partitions = [new()] }] }, [ClusterAuthorizationFailed]),
        [ApiKey.StreamsGroupHeartbeat] = (_ => new StreamsGroupHeartbeatRequest { GroupId = Group, MemberId = "m" }, [GroupAuthorizationFailed]),
        [ApiKey.StreamsGroupDescribe] = (_ => new StreamsGroupDescribeRequest { GroupIds = [Group] }, [GroupAuthorizationFailed]),
        [ApiKey.DescribeShareGroupOffsets] = (_ => new DescribeShareGroupOffsetsRequest { Groups = [new() { GroupId = Group, Topics = null }] }, [GroupAuthorizationFailed]),
        [ApiKey.AlterShareGroupOffsets] = (_ => new AlterShareGroupOffsetsRequest { GroupId = Group, Topics = [new() { TopicName = Topic, Partitions = [new()] }] }, [GroupAuthorizationFailed]),
        [ApiKey.DeleteShareGroupOffsets] = (_ => new DeleteShareGroupOffsetsRequest { GroupId = Group, Topics = [new() { TopicName = Topic }] }, [GroupAuthorizationFailed]),
        [ApiKey.AddRaftVoter] = (_ => new AddRaftVoterRequest { VoterId = 9 }, [ClusterAuthorizationFailed]),
        [ApiKey.RemoveRaftVoter] = (_ => new RemoveRaftVoterRequest { VoterId = 1 }, [ClusterAuthorizationFailed]),
        [ApiKey.UpdateRaftVoter] = (_ => new UpdateRaftVoterRequest { VoterId = 1 }, [ClusterAuthorizationFailed]),
        [ApiKey.Vote] = (_ => new VoteRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.BeginQuorumEpoch] = (_ => new BeginQuorumEpochRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.EndQuorumEpoch] = (_ => new EndQuorumEpochRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.FetchSnapshot] = (_ => new FetchSnapshotRequest(), [ClusterAuthorizationFailed]),
        [ApiKey.Envelope] = (_ => new EnvelopeRequest(), [ClusterAuthorizationFailed]),
    };

    /// <summary>The request of an API; null where there is none.</summary>
    public static IRequest? Find(ApiKey key) => Table.TryGetValue(key, out var entry) ? entry.Request(Uuid.Zero) : null;

    public static (IRequest Request, ErrorCode[] Codes) Of(ApiKey key, Uuid topicId)
    {
        Assert.True(Table.TryGetValue(key, out var entry), $"{key} is served, but nobody says what it answers to those without rights: enter it in {nameof(RightlessRequests)}");
        return (entry.Request(topicId), entry.Codes);
    }
}
