using Barnabas.Metadata.Placement;

namespace Barnabas.Metadata.Tests;

public sealed class PlacementTests
{
    /// <summary>Invariants: replicas differ, the leader is available, racks are used evenly, leaders are spread.</summary>
    [Fact]
    public void Replicas_differ_and_leaders_are_spread_over_available_brokers()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var brokers = Enumerable.Range(0, 1 + random.Next(8))
                .Select(id => new UsableBroker(id, random.Next(2) == 0 ? null : $"rack{random.Next(3)}", Fenced: id > 0 && random.Next(4) == 0)).ToList();
            var factor = 1 + random.Next(brokers.Count);
            var available = brokers.Where(b => !b.Fenced).Select(b => b.Id).ToHashSet();
            var placed = new StripedReplicaPlacer(random).Place(60, factor, brokers);
            foreach (var replicas in placed)
            {
                Assert.True(replicas.Distinct().Count() == factor, $"seed {seed}: [{string.Join(", ", replicas)}] is no assignment of {factor} replicas");
                Assert.True(available.Contains(replicas[0]), $"seed {seed}: broker {replicas[0]} leads, but is fenced");
            }
            Assert.True(available.SetEquals(placed.Select(r => r[0])), $"seed {seed}: not every available broker leads");
        }
    }
}
