using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Simulation;

/// <summary>
/// Members that crash, restart, leave and lose connections; a coordinator that moves and whose writes fail. The seed in a
/// failure replays it.
/// </summary>
public sealed class GroupSimulationTests
{
    private const int SessionMs = 9_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_a_group_has_one_leader_a_generation_and_settles_when_it_is_left_in_peace(int seed)
    {
        var random = new Random(seed);
        var shard = new ShardHarness(seed: seed);
        shard.Shard.OnLoaded();
        var observer = new GroupObserver();
        var members = Enumerable.Range(0, 2 + random.Next(4)).Select(i => new SimulatedMember(i, random.Next(3) == 0 ? $"instance-{i}" : null)).ToList();
        var committed = new Dictionary<int, long>();
        for (var step = 0; step < 400; step++)
            Disturb(random, ref shard, observer, members, committed);

        shard.AppendError = null;
        shard.HoldsCommits = false;
        shard.CommitAll();
        Quieten(shard, observer, members, seed);
        CheckOffsets(shard, committed, seed);
        CheckSameAfterReload(shard, seed);
    }

    private static void Disturb(
        Random random, ref ShardHarness shard, GroupObserver observer, List<SimulatedMember> members, Dictionary<int, long> committed)
    {
        var member = members[random.Next(members.Count)];
        switch (random.Next(40))
        {
            case 0:
                member.IsAlive = false;
                break;
            case 1:
                member.Restart();
                break;
            case 2:
                member.Disconnect();
                break;
            case 3 when member.IsAlive && member.MemberId.Length > 0 && shard.HasGroup():
                shard.Leave((member.MemberId, member.InstanceId));
                member.Restart();
                break;
            case 4:
                member.Rejoin();
                break;
            case 5:
                shard.AppendError = shard.AppendError is null && random.Next(2) == 0 ? ErrorCode.NotEnoughReplicas : null;
                break;
            case 6:
                shard = shard.Reload(random.Next());
                observer.OnReload(shard.HasGroup() ? shard.Group().GenerationId : 0);
                foreach (var each in members)
                    each.Disconnect();
                break;
            case 7:
                shard.HoldsCommits = !shard.HoldsCommits;
                shard.CommitAll();
                break;
            case 8:
                shard.FailAll(ErrorCode.RequestTimedOut);
                break;
            case 9 or 10 or 11:
                Commit(random, shard, member, committed);
                break;
        }

        foreach (var each in members)
            each.Step(shard, observer, SessionMs);
        shard.Advance(random.Next(1_500));
    }

    private static void Commit(Random random, ShardHarness shard, SimulatedMember member, Dictionary<int, long> committed)
    {
        if (!member.IsSettled || shard.AppendError is not null)
            return;

        var partition = random.Next(4);
        var offset = random.NextInt64(1_000_000);
        var request = new OffsetCommitRequest
        {
            GroupId = "g",
            MemberId = member.MemberId,
            GroupInstanceId = member.InstanceId,
            GenerationIdOrMemberEpoch = member.Generation,
        };
        request.Topics.Add(new OffsetCommitRequest.OffsetCommitRequestTopic { Name = "topic" });
        request.Topics[0].Partitions.Add(new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = partition, CommittedOffset = offset });
        try
        {
            shard.Run(machine => machine.CommitOffsets(GroupClient.Context, request));
            committed[partition] = offset;
        }
        catch (KafkaException e)
        {
            Assert.Contains(e.ErrorCode, new[] { ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration, ErrorCode.RebalanceInProgress, ErrorCode.FencedInstanceId, ErrorCode.GroupIdNotFound });
        }
    }

    private static void Quieten(ShardHarness shard, GroupObserver observer, List<SimulatedMember> members, int seed)
    {
        for (var i = 0; i < 400; i++)
        {
            foreach (var member in members)
                member.Step(shard, observer, SessionMs);
            shard.Advance(500);
        }

        var alive = members.Where(member => member.IsAlive).ToList();
        if (alive.Count == 0)
        {
            Assert.True(!shard.HasGroup() || shard.Group().IsEmpty, $"seed {seed}: nobody lives, but the group is {shard.Group().StateName}.");
            return;
        }

        Assert.True(shard.Group().StateName == "Stable", $"seed {seed}: the group is {shard.Group().StateName}.");
        Assert.True(alive.All(member => member.IsSettled && member.Generation == shard.Group().GenerationId), $"seed {seed}: a member did not settle.");
        Assert.True(alive.Count == shard.Group().MemberCount, $"seed {seed}: {alive.Count} members live, the group has {shard.Group().MemberCount}.");
        Assert.True(observer.SettledCount > 0);
    }

    private static void CheckOffsets(ShardHarness shard, Dictionary<int, long> committed, int seed)
    {
        foreach (var (partition, offset) in committed)
            Assert.True(shard.Shard.Offsets.Find("g", "topic", partition)?.CommittedOffset == offset, $"seed {seed}: the offset of partition {partition} is lost.");
    }

    private static void CheckSameAfterReload(ShardHarness shard, int seed)
    {
        if (!shard.HasGroup())
            return;

        var live = Describe(shard);
        var isStable = shard.Group().StateName == "Stable";
        var reloaded = shard.Reload(seed);
        if (isStable)
        {
            Assert.Equal(live, Describe(reloaded));
            return;
        }

        // The write of an empty generation may have failed: then the members before it are found, and time out.
        reloaded.Advance(2 * SessionMs);
        Assert.True(reloaded.Group().IsEmpty, $"seed {seed}: the group is {reloaded.Group().StateName} after its members are gone.");
    }

    private static string Describe(ShardHarness shard)
    {
        var group = shard.Group();
        var members = group.Members.OrderBy(member => member.MemberId, StringComparer.Ordinal).Select(member =>
            $"{member.MemberId}/{member.GroupInstanceId}/{member.SessionTimeoutMs}/{member.RebalanceTimeoutMs}/{Convert.ToHexString(member.Assignment)}");
        var offsets = Enumerable.Range(0, 4).Select(partition => shard.Shard.Offsets.Find("g", "topic", partition)?.CommittedOffset);
        return $"{group.StateName} {group.GenerationId} {group.LeaderId} {group.ProtocolName} [{string.Join(", ", members)}] [{string.Join(", ", offsets)}]";
    }
}
