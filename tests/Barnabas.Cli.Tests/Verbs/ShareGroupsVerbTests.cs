using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class ShareGroupsVerbTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Offsets_of_a_share_group_are_set_shown_and_deleted_and_the_group_after_them()
    {
        Assert.Equal(0, (await broker.RunAsync("kafka-topics", "--create", "--topic", "queue", "--partitions", "2")).Status);
        var reset = await broker.RunAsync("kafka-share-groups", "--reset-offsets", "--group", "workers", "--topic", "queue", "--to-earliest", "--execute");
        Assert.Equal(
            "\nGROUP           TOPIC           PARTITION  NEW-OFFSET\nworkers         queue           0          0\nworkers         queue           1          0\n", reset.Out);
        Assert.Equal("workers\n", (await broker.RunAsync("kafka-share-groups", "--list")).Out);
        Assert.Equal("GROUP           STATE\nworkers         Empty\n", (await broker.RunAsync("kafka-share-groups", "--list", "--state")).Out);
        Assert.Contains("Share", (await broker.RunAsync("kafka-groups", "--list", "--share")).Out);

        var described = await broker.RunAsync("kafka-share-groups", "--describe", "--group", "workers");
        Assert.Equal(
            "\nGROUP           TOPIC           PARTITION  START-OFFSET  LAG\nworkers         queue           0          0             0\nworkers         queue           1          0             0\n", described.Out);
        var members = await broker.RunAsync("kafka-share-groups", "--describe", "--group", "workers", "--members");
        Assert.Equal(("", "\nShare group 'workers' has no active members.\n"), (members.Out, members.Error));

        var deleted = await broker.RunAsync("kafka-share-groups", "--delete-offsets", "--group", "workers", "--topic", "queue");
        Assert.Equal("\nTOPIC           STATUS\nqueue           Successful\n", deleted.Out);
        Assert.Equal("\nShare group 'workers' has no offset information.\n", (await broker.RunAsync("kafka-share-groups", "--describe", "--all-groups")).Out);
        Assert.Equal("Deletion of requested share groups ('workers') was successful.\n", (await broker.RunAsync("kafka-share-groups", "--delete", "--group", "workers")).Out);
        var again = await broker.RunAsync("kafka-share-groups", "--delete", "--group", "workers");
        Assert.Equal((1, true), (again.Status, again.Out.Contains("Group 'workers' is not a share group.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets.")]
    [InlineData("takes one of these options", "--describe")]
    [InlineData("takes the option", "--reset-offsets", "--group", "g", "--topic", "t", "--to-latest")]
    [InlineData("Invalid state list 'Gone'. Valid states are: Empty, Stable, Dead", "--list", "--state", "Gone")]
    public async Task What_is_wrong_is_said_in_Kafkas_words(string message, params string[] arguments)
    {
        var run = await broker.RunAsync("kafka-share-groups", arguments);
        Assert.Equal(1, run.Status);
        Assert.Contains(message, run.Error + run.Out);
    }
}
