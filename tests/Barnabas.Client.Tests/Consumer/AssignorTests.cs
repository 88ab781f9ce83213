using Barnabas.Client.Consumer.Assignors;
using Barnabas.Client.Consumer.Membership;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Tests.Consumer;

public sealed class AssignorTests
{
    [Fact]
    public void Range_gives_the_first_members_one_more_of_each_topic()
    {
        var outcome = Assign(new RangeAssignor(), Counts(("t0", 3), ("t1", 3)), Member("c0", "t0", "t1"), Member("c1", "t0", "t1"));
        Assert.Equal("t0-0 t0-1 t1-0 t1-1", outcome["c0"]);
        Assert.Equal("t0-2 t1-2", outcome["c1"]);
    }

    [Fact]
    public void Range_puts_static_members_first_by_their_instance_id()
    {
        var outcome = Assign(new RangeAssignor(), Counts(("t", 3)), Member("a", "t"), Member("z", "t") with { Instance = "i1" }, Member("y", "t") with { Instance = "i2" });
        Assert.Equal(("t-0", "t-1", "t-2"), (outcome["z"], outcome["y"], outcome["a"]));
    }

    [Fact]
    public void Round_robin_passes_over_who_does_not_read_a_topic()
    {
        var outcome = Assign(new RoundRobinAssignor(), Counts(("t0", 1), ("t1", 2), ("t2", 3)), Member("c0", "t0"), Member("c1", "t0", "t1"), Member("c2", "t0", "t1", "t2"));
        Assert.Equal("t0-0", outcome["c0"]);
        Assert.Equal("t1-0", outcome["c1"]);
        Assert.Equal("t1-1 t2-0 t2-1 t2-2", outcome["c2"]);
    }

    [Fact]
    public void Sticky_balances_members_that_read_different_topics()
    {
        var outcome = Assign(new StickyAssignor(), Counts(("t0", 1), ("t1", 2), ("t2", 3)), Member("c0", "t0"), Member("c1", "t0", "t1"), Member("c2", "t0", "t1", "t2"));
        Assert.Equal("t0-0", outcome["c0"]);
        Assert.Equal("t1-0 t1-1", outcome["c1"]);
        Assert.Equal("t2-0 t2-1 t2-2", outcome["c2"]);
    }

    [Fact]
    public void Cooperative_sticky_gives_nobody_what_another_one_still_has()
    {
        var first = Member("c0", "t") with { Owned = [.. Enumerable.Range(0, 4).Select(number => new TopicPartition("t", number))], Generation = 1 };
        var outcome = Assign(new CooperativeStickyAssignor(), Counts(("t", 4)), first, Member("c1", "t"));
        Assert.Equal("t-0 t-1", outcome["c0"]);
        Assert.Equal("", outcome["c1"]);
        var second = Assign(
            new CooperativeStickyAssignor(),
            Counts(("t", 4)),
            first with { Owned = [new("t", 0), new("t", 1)], Generation = 2 },
            Member("c1", "t") with { Generation = 2 });
        Assert.Equal(("t-0 t-1", "t-2 t-3"), (second["c0"], second["c1"]));
    }

    [Fact]
    public void A_partition_that_two_members_claim_goes_to_the_newer_generation()
    {
        var outcome = Assign(
            new CooperativeStickyAssignor(),
            Counts(("t", 2)),
            Member("c0", "t") with { Owned = [new("t", 0), new("t", 1)], Generation = 1 },
            Member("c1", "t") with { Owned = [new("t", 0)], Generation = 2 });
        Assert.Equal("t-0", outcome["c1"]);
        Assert.Equal("t-1", outcome["c0"]);
    }

    // Balanced, complete, and nothing moves that need not: for any groups and topics.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Sticky_assignments_are_complete_balanced_and_stable(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var counts = Enumerable.Range(0, random.Next(1, 6)).ToDictionary(number => $"topic{number}", _ => random.Next(1, 9));
            var members = Enumerable.Range(0, random.Next(1, 8)).Select(number => Member($"member-{random.Next()}-{number}", [.. counts.Keys])).ToArray();
            var first = AssignPartitions(new CooperativeStickyAssignor(), counts, members);
            Check(counts, first, $"seed {seed} round {round}");
            var again = AssignPartitions(new CooperativeStickyAssignor(), counts, [.. members.Select(member => member with { Owned = first[member.Id], Generation = 1 })]);
            foreach (var (member, partitions) in first) Assert.Equal(partitions.Order(PartitionOrder), again[member].Order(PartitionOrder));
            var different = members.Select(member => member with { Topics = [.. counts.Keys.Where(_ => random.Next(3) > 0)] }).ToArray();
            var general = AssignPartitions(new StickyAssignor(), counts, different);
            var readable = counts.Where(topic => different.Any(member => member.Topics.Contains(topic.Key))).Sum(topic => topic.Value);
            Assert.Equal(readable, general.Values.SelectMany(partitions => partitions).Distinct().Count());
            Assert.All(different, member => Assert.All(general[member.Id], partition => Assert.Contains(partition.Topic, member.Topics)));
        }
    }

    [Fact]
    public void Keys_are_ordered_as_a_Java_HashMap_walks_over_them()
    {
        // new HashMap of these keys, printed by Java 17.
        Assert.Equal(["consumer4", "consumer3", "consumer2", "consumer1"], JavaOrder.Of(["consumer1", "consumer2", "consumer3", "consumer4"]));
        int[] walked = [142542, 55433, 23757, 126704, 102947, 31676, 87109, 71271, 134623, 150461, 118785, 0, 47514, 15838, 110866, 7919, 95028, 39595, 63352, 79190];
        Assert.Equal(walked.Select(number => $"member-{number}-x"), JavaOrder.Of(Enumerable.Range(0, 20).Select(number => $"member-{number * 7919}-x")));
    }

    private static void Check(Dictionary<string, int> counts, Dictionary<string, List<TopicPartition>> outcome, string round)
    {
        var all = outcome.Values.SelectMany(partitions => partitions).ToList();
        Assert.True(all.Count == counts.Values.Sum() && all.Distinct().Count() == all.Count, round);
        Assert.True(outcome.Values.Max(partitions => partitions.Count) - outcome.Values.Min(partitions => partitions.Count) <= 1, round);
    }

    private static Comparer<TopicPartition> PartitionOrder { get; } = Comparer<TopicPartition>.Create((left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));

    private static Dictionary<string, int> Counts(params (string Topic, int Count)[] counts) => counts.ToDictionary(topic => topic.Topic, topic => topic.Count);

    private static TestMember Member(string id, params string[] topics) => new(id, topics);

    private static Dictionary<string, string> Assign(IPartitionAssignor assignor, Dictionary<string, int> counts, params TestMember[] members) =>
        AssignPartitions(assignor, counts, members).ToDictionary(member => member.Key, member => string.Join(' ', member.Value.Order(PartitionOrder)));

    private static Dictionary<string, List<TopicPartition>> AssignPartitions(IPartitionAssignor assignor, Dictionary<string, int> counts, params TestMember[] members)
    {
        var subscriptions = members.ToDictionary(member => member.Id, member => new MemberSubscription(member.Topics, member.Owned, member.Generation, member.Instance, null));
        return assignor.Assign(counts, new Dictionary<TopicPartition, IReadOnlySet<string>>(), subscriptions).ToDictionary(member => member.Key, member => ConsumerProtocol.Partitions(member.Value));
    }

    private sealed record TestMember(string Id, string[] Topics)
    {
        public IReadOnlyList<TopicPartition> Owned { get; init; } = [];

        public int? Generation { get; init; }

        public string? Instance { get; init; }
    }
}
