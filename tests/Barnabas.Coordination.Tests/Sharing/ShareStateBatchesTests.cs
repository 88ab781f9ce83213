using Barnabas.Coordination.Sharing;

namespace Barnabas.Coordination.Tests.Sharing;

public sealed class ShareStateBatchesTests
{
    [Fact]
    public void Neighbours_that_stand_alike_become_one_and_what_lies_below_the_start_goes()
    {
        var combined = ShareStateBatches.Combine([new(0, 9, 2, 1)], [new(10, 14, 2, 1), new(20, 29, 0, 1)], 5);
        Assert.Equal([new(5, 14, 2, 1), new(20, 29, 0, 1)], combined);
    }

    [Fact]
    public void Of_an_offset_in_two_batches_the_one_with_more_deliveries_counts()
    {
        var combined = ShareStateBatches.Combine([new(0, 29, 0, 1)], [new(10, 19, 0, 2)], -1);
        Assert.Equal([new(0, 9, 0, 1), new(10, 19, 0, 2), new(20, 29, 0, 1)], combined);
    }

    [Fact]
    public void Any_overlap_comes_out_as_each_offset_by_itself_says()
    {
        const int seed = 20_261;
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var (current, added) = (Batches(random), Batches(random));
            var start = random.Next(-1, 30);
            var combined = ShareStateBatches.Combine(current, added, start);
            for (var offset = 0; offset < 60; offset++)
            {
                var all = current.Concat(added).Where(batch => batch.FirstOffset <= offset && offset <= batch.LastOffset && offset >= start).ToList();
                var said = combined.Where(batch => batch.FirstOffset <= offset && offset <= batch.LastOffset).ToList();
                Assert.True(said.Count == (all.Count == 0 ? 0 : 1), $"round {round} of seed {seed}: offset {offset} stands in {said.Count} batches");
                if (all.Count > 0)
                    Assert.Equal(all.Max(batch => batch.Weight), said[0].Weight);
            }

            for (var i = 1; i < combined.Count; i++)
                Assert.True(combined[i].FirstOffset > combined[i - 1].LastOffset + 1 || combined[i].Weight != combined[i - 1].Weight, $"round {round} of seed {seed}: neighbours are not joined");
        }
    }

    private static List<ShareStateBatch> Batches(Random random)
    {
        var batches = new List<ShareStateBatch>();
        for (var i = random.Next(6); i > 0; i--)
        {
            var first = random.Next(50);
            batches.Add(new(first, first + random.Next(10), (sbyte)(random.Next(3) * 2), (short)random.Next(1, 4)));
        }

        return batches;
    }
}
