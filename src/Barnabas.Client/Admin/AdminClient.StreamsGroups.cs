using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Describes streams groups (KIP-1071). Their offsets are those of consumer groups.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<StreamsGroupDescription>>> DescribeStreamsGroupsAsync(
        IReadOnlyCollection<string> groupIds, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, StreamsGroupDescription>("describeStreamsGroups", groupIds);
        return RunAsync(call, timeout, (open, token) => ForEachCoordinatorAsync(call, open, async (connection, groupId, inner) =>
        {
            var response = await connection.SendAsync(new StreamsGroupDescribeRequest { GroupIds = [groupId] }, inner);
            var group = response.Groups.Find(one => one.GroupId == groupId) ?? throw Networking.ErrorClassification.ToException(ErrorCode.UnknownServerError, $"The response has no group {groupId}");
            if (group.ErrorCode != ErrorCode.None) throw Networking.ErrorClassification.ToException(group.ErrorCode, group.ErrorMessage);
            var description = new StreamsGroupDescription
            {
                GroupId = groupId,
                State = group.GroupState,
                Coordinator = connection.Node,
                GroupEpoch = group.GroupEpoch,
                TargetAssignmentEpoch = group.AssignmentEpoch,
                TopologyEpoch = group.Topology?.Epoch ?? -1,
                Subtopologies = group.Topology?.Subtopologies?.ConvertAll(static part => new StreamsSubtopology(
                    part.SubtopologyId, part.SourceTopics, part.RepartitionSourceTopics.ConvertAll(static topic => topic.Name), part.StateChangelogTopics.ConvertAll(static topic => topic.Name))) ?? [],
                Members = group.Members.ConvertAll(static member => new StreamsGroupMember(
                    member.MemberId, member.MemberEpoch, member.ProcessId, member.ClientId, member.IsClassic, ToTasks(member.Assignment), ToTasks(member.TargetAssignment))),
            };
            lock (call) call.Succeed(groupId, description);
        }, token), cancellationToken);
    }

    private static StreamsTasks ToTasks(StreamsGroupDescribeResponse.Assignment assignment) => new(ToTasks(assignment.ActiveTasks), ToTasks(assignment.StandbyTasks), ToTasks(assignment.WarmupTasks));

    private static List<(string, IReadOnlyList<int>)> ToTasks(List<StreamsGroupDescribeResponse.TaskIds> tasks) =>
        tasks.ConvertAll(static task => (task.SubtopologyId, (IReadOnlyList<int>)task.Partitions));
}
