using System.Globalization;

namespace Barnabas.Interop.Tests;

/// <summary>What members of the newer kinds of groups may count on though their node is killed (kill -9) in the middle of their work.</summary>
[Collection(Alone.Name)]
public sealed class GroupsUnderKillsTests(GroupsUnderKills groups) : IClassFixture<GroupsUnderKills>
{
    [Fact]
    public async Task A_share_group_keeps_what_was_acknowledged_and_gets_the_rest_again()
    {
        await groups.RunAsync();
        var accepted = new HashSet<string>();
        var released = new Dictionary<string, int>();
        var counts = new Dictionary<string, int>();
        var unanswered = new HashSet<string>();
        foreach (var words in groups.Lines.Select(static line => line.Split(' ')))
        {
            switch (words[0])
            {
                case "got":
                    var (value, count) = (words[1], Number(words[2]));
                    Assert.False(accepted.Contains(value), Say($"{value} comes again though it was accepted"));
                    Assert.True(count > released.GetValueOrDefault(value), Say($"{value} comes for the {count}. time after its release at {released.GetValueOrDefault(value)}"));
                    counts[value] = count;
                    break;
                case "accepted":
                    accepted.Add(words[1]);
                    break;
                case "released":
                    released[words[1]] = counts[words[1]];
                    break;
                case "unanswered" when words[1] == "accepted":
                    unanswered.Add(words[2]);
                    break;
            }
        }

        // The group is through: what was not accepted for certain is what the node did before it could answer.
        Assert.Equal([], All().Where(value => !accepted.Contains(value) && !unanswered.Contains(value)));
        Assert.NotEmpty(released);
        AssertEpochs("sharers");
    }

    [Fact]
    public async Task A_consumer_group_goes_on_with_its_members_and_its_committed_offsets()
    {
        await groups.RunAsync();
        var read = new Dictionary<string, long>();
        var (committed, before) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        foreach (var words in groups.Lines.Select(static line => line.Split(' ')))
        {
            switch (words[0])
            {
                case "read":
                    // No member lost its place: every record once, in order.
                    Assert.True(read.GetValueOrDefault(words[1]) == Number(words[2]), Say($"partition {words[1]}: {words[2]} was read after {read.GetValueOrDefault(words[1]) - 1}"));
                    read[words[1]] = Number(words[2]) + 1;
                    break;
                case "committed":
                    committed[words[1]] = Number(words[2]);
                    break;
                case "describing":
                    before = new(committed);
                    break;
                case "offset":
                    Assert.True(Number(words[2]) >= before.GetValueOrDefault(words[1]), Say($"partition {words[1]}: {words[2]} is committed, and {before.GetValueOrDefault(words[1])} was"));
                    break;
            }
        }

        Assert.Equal(groups.Records, read.Values.Sum());
        Assert.Equal(groups.Records, committed.Values.Sum());
        Assert.DoesNotContain(groups.Lines, static line => line.StartsWith("lost ", StringComparison.Ordinal));
        AssertEpochs("readers");
    }

    [Fact]
    public async Task A_streams_group_goes_on_with_its_members_and_passes_over_nothing()
    {
        await groups.RunAsync();
        var written = groups.Lines.Where(static line => line.StartsWith("out done ", StringComparison.Ordinal)).Select(static line => line["out done ".Length..]).ToHashSet();
        Assert.Equal([], All().Except(written));
        Assert.DoesNotContain("streams ERROR", groups.Lines);
        AssertEpochs("streamers");
    }

    private void AssertEpochs(string name)
    {
        var seen = groups.Seen.Select(all => Assert.Single(all, group => group.Name == name)).ToList();
        foreach (var (before, after) in seen.Zip(seen.Skip(1)))
        {
            Assert.True(after.Epoch >= before.Epoch, Say($"{name} goes back from epoch {before.Epoch} to {after.Epoch}"));
            Assert.Equal(before.Members.Keys.Order(StringComparer.Ordinal), after.Members.Keys.Order(StringComparer.Ordinal));
            Assert.All(before.Members, member => Assert.True(after.Members[member.Key] >= member.Value, Say($"{member.Key} of {name} goes back from epoch {member.Value} to {after.Members[member.Key]}")));
        }
    }

    private IEnumerable<string> All() => Enumerable.Range(0, groups.Records).Select(static value => value.ToString(CultureInfo.InvariantCulture));

    private string Say(string what) => $"{what} (BARNABAS_SEED={groups.Seed})";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
