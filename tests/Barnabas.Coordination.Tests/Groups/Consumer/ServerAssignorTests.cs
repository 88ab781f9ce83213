using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Groups.Consumer.Assignors;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Tests.Groups.Consumer;

public sealed class ServerAssignorTests
{
    private static readonly Uuid TopicA = Uuid.Random(new Random(1));
    private static readonly Uuid TopicB = Uuid.Random(new Random(2));

    private static readonly IConsumerGroupPartitionAssignor[] Assignors = [new RangeAssignor(), new UniformAssignor()];

    [Fact]
    public void Range_gives_the_same_partition_numbers_of_topics_of_the_same_size()
    {
        var members = new Dictionary<string, MemberSubscription> { ["m0"] = Member([TopicA, TopicB]), ["m1"] = Member([TopicA, TopicB]) };
        var assigned = new RangeAssignor().Assign(members, _ => 3);
        Assert.Equal([0, 1], assigned["m0"][TopicA]);
        Assert.Equal([0, 1], assigned["m0"][TopicB]);
        Assert.Equal([2], assigned["m1"][TopicA]);
        Assert.Equal([2], assigned["m1"][TopicB]);
    }

    [Fact]
    public void Range_puts_static_members_first_so_that_they_keep_their_partitions()
    {
        var members = new Dictionary<string, MemberSubscription> { ["a"] = Member([TopicA]), ["z"] = Member([TopicA], instanceId: "i0") };
        var assigned = new RangeAssignor().Assign(members, _ => 3);
        Assert.Equal([0, 1], assigned["z"][TopicA]);
        Assert.Equal([2], assigned["a"][TopicA]);
    }

    [Fact]
    public void Uniform_moves_no_partition_that_need_not_move_when_a_member_joins()
    {
        var first = new UniformAssignor().Assign(new Dictionary<string, MemberSubscription> { ["a"] = Member([TopicA]), ["b"] = Member([TopicA]) }, _ => 6);
        var second = new UniformAssignor().Assign(
            new Dictionary<string, MemberSubscription> { ["a"] = Member([TopicA], first["a"]), ["b"] = Member([TopicA], first["b"]), ["c"] = Member([TopicA]) }, _ => 6);
        Assert.Equal(2, second["c"][TopicA].Count);
        Assert.All(["a", "b"], member => Assert.Subset(new HashSet<int>(first[member][TopicA]), new HashSet<int>(second[member][TopicA])));
    }

    [Fact]
    public void Every_partition_goes_to_one_subscriber_whatever_the_subscriptions()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var topics = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Uuid.Random(random)).ToDictionary(id => id, _ => random.Next(1, 9));
            foreach (var assignor in Assignors)
            {
                var members = new Dictionary<string, MemberSubscription>();
                for (var round = 0; round < 6; round++)
                {
                    Change(members, topics, random);
                    var assigned = assignor.Assign(members, id => topics[id]);
                    AssertWhole(seed, assignor, members, topics, assigned);
                    foreach (var (id, assignment) in assigned)
                        members[id] = members[id] with { Current = assignment };
                }
            }
        }
    }

    [Fact]
    public void Uniform_loads_of_members_with_the_same_subscription_differ_by_one_at_most()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var topics = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Uuid.Random(random)).ToDictionary(id => id, _ => random.Next(1, 9));
            var members = Enumerable.Range(0, random.Next(1, 8)).ToDictionary(i => $"m{i}", _ => Member(topics.Keys));
            var loads = new UniformAssignor().Assign(members, id => topics[id]).Values.Select(Load).ToList();
            Assert.True(loads.Max() - loads.Min() <= 1, $"seed {seed}: loads {string.Join(',', loads)}");
        }
    }

    private static void Change(Dictionary<string, MemberSubscription> members, Dictionary<Uuid, int> topics, Random random)
    {
        var id = $"m{random.Next(6)}";
        if (members.Count > 1 && random.Next(3) == 0)
            members.Remove(members.Keys.First());
        members[id] = Member(topics.Keys.Where(_ => random.Next(3) > 0), members.GetValueOrDefault(id)?.Current);
    }

    private static void AssertWhole(int seed, IConsumerGroupPartitionAssignor assignor, Dictionary<string, MemberSubscription> members, Dictionary<Uuid, int> topics, Dictionary<string, Assignment> assigned)
    {
        Assert.Equal(members.Keys.Order(), assigned.Keys.Order());
        var all = assigned.SelectMany(member => member.Value.Partitions.SelectMany(topic => topic.Value.Select(partition => (Member: member.Key, Topic: topic.Key, Partition: partition)))).ToList();
        Assert.All(all, one => Assert.Contains(one.Topic, members[one.Member].TopicIds));
        var expected = topics.Where(topic => members.Values.Any(member => member.TopicIds.Contains(topic.Key))).Sum(topic => topic.Value);
        Assert.True(all.Count == expected && all.Select(one => (one.Topic, one.Partition)).Distinct().Count() == expected, $"seed {seed}, {assignor.Name}: {all.Count} of {expected} partitions assigned");
    }

    private static int Load(Assignment assignment) => assignment.Partitions.Values.Sum(partitions => partitions.Count);

    private static MemberSubscription Member(IEnumerable<Uuid> topics, Assignment? current = null, string? instanceId = null) =>
        new(instanceId, null, topics.ToHashSet(), current ?? Assignment.Empty);
}
