using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Topics;
using Barnabas.Coordination.Groups;

namespace Barnabas.Broker.Apis;

/// <summary>The APIs that the group coordinator answers.</summary>
internal static class GroupApis
{
    /// <summary>A handler for each.</summary>
    internal static IEnumerable<ApiHandler> Create(MetadataCache metadata, GroupProtocols protocols, GroupCoordinatorService groups, AutoTopicCreation topics) =>
    [
        new OffsetCommitApi(metadata, groups),
        new OffsetFetchApi(metadata, groups),
        new JoinGroupApi(groups),
        new HeartbeatApi(groups),
        new LeaveGroupApi(groups),
        new SyncGroupApi(groups),
        new DescribeGroupsApi(groups),
        new ListGroupsApi(groups),
        new DeleteGroupsApi(groups),
        new OffsetDeleteApi(metadata, groups),
        new ConsumerGroupHeartbeatApi(protocols, groups),
        new ConsumerGroupDescribeApi(protocols, groups),
        new StreamsGroupHeartbeatApi(protocols, groups, new StreamsInternalTopics(topics)),
        new StreamsGroupDescribeApi(protocols, groups),
        new ShareGroupHeartbeatApi(protocols, groups),
        new ShareGroupDescribeApi(protocols, groups),
        new DescribeShareGroupOffsetsApi(protocols, groups),
        new AlterShareGroupOffsetsApi(protocols, groups),
        new DeleteShareGroupOffsetsApi(protocols, groups),
    ];
}
