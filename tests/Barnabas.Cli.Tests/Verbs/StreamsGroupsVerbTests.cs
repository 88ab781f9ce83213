using Barnabas.Cli.Tests.Support;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class StreamsGroupsVerbTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private const string Tool = "kafka-streams-groups";

    [Fact]
    public async Task A_streams_group_is_listed_described_reset_and_deleted_with_its_internal_topics()
    {
        await CreateAsync("in", "app-store-changelog");
        await broker.RunWithAsync("1\n2\n3\n", "kafka-console-producer", "--topic", "in");
        await broker.RunAsync("kafka-configs", "--alter", "--entity-type", "groups", "--entity-name", "app", "--add-config", "streams.initial.rebalance.delay.ms=0");
        Assert.Equal(ErrorCode.None, (await BeatAsync(0)).ErrorCode);
        Assert.Equal("app\n", (await broker.RunAsync(Tool, "--list")).Out);
        Assert.Equal("GROUP           STATE\napp             Stable\n", (await broker.RunAsync(Tool, "--list", "--state", "stable")).Out);

        var state = await broker.RunAsync(Tool, "--describe", "--group", "app", "--state", "--verbose");
        Assert.Matches("^GROUP           COORDINATOR \\(ID\\)          STATE                     GROUP-EPOCH     TARGET-ASSIGNMENT-EPOCH   #MEMBERS\n"
            + "app             [^ ]+ \\(1\\) +Stable                    2               2                         1\n$", state.Out);
        Assert.Equal(
            "GROUP           MEMBER          PROCESS         CLIENT-ID       ASSIGNMENTS\n"
            + "app             member-1        process-1       tester          ACTIVE: 0:[0]; \n", (await broker.RunAsync(Tool, "--describe", "--all-groups", "--members")).Out);
        Assert.EndsWith(
            "app             2                         1              member-1        streams         2               process-1       tester          ACTIVE: 0:[0]; TARGET-ACTIVE: 0:[0]; \n",
            (await broker.RunAsync(Tool, "--describe", "--group", "app", "--members", "--verbose")).Out, StringComparison.Ordinal);
        Assert.Equal(
            "GROUP           TOPIC           PARTITION  OFFSET-LAG\napp             in              0          3\n", (await broker.RunAsync(Tool, "--describe", "--group", "app")).Out);
        Assert.Equal("[{\"group\":\"app\",\"state\":\"Stable\"}]\n", (await broker.RunAsync(Tool, "--list", "--json")).Out);
        Assert.Equal(
            "[{\"group\":\"app\",\"topic\":\"in\",\"partition\":0,\"currentOffset\":null,\"leaderEpoch\":null,\"logEndOffset\":3,\"offsetLag\":3}]\n",
            (await broker.RunAsync(Tool, "--describe", "--group", "app", "--json")).Out);
        Assert.Equal(
            "[{\"group\":\"app\",\"member\":\"member-1\",\"process\":\"process-1\",\"clientId\":\"tester\",\"assignments\":\"ACTIVE: 0:[0];\"}]\n",
            (await broker.RunAsync(Tool, "--describe", "--group", "app", "--members", "--json")).Out);
        Assert.Contains("\"state\":\"Stable\",\"groupEpoch\":2,\"targetAssignmentEpoch\":2,\"members\":1}", (await broker.RunAsync(Tool, "--describe", "--group", "app", "--state", "--json")).Out);
        Assert.Contains("Group 'app' could not be deleted due to: org.apache.kafka.common.errors.GroupNotEmptyException: Streams group 'app' is not EMPTY.", (await broker.RunAsync(Tool, "--delete", "--group", "app")).Out);
        Assert.Contains("is inactive, but the current state is Stable.", (await broker.RunAsync(Tool, "--reset-offsets", "--group", "app", "--input-topic", "in", "--to-latest", "--dry-run")).Out);

        Assert.Equal(ErrorCode.None, (await BeatAsync(-1)).ErrorCode);
        Assert.Equal("\nError: Streams group 'app' has no active members.\n", string.Join('\n', (await broker.RunAsync(Tool, "--describe", "--group", "app", "--state")).Out.Split('\n')[..2]) + "\n");
        var none = await broker.RunAsync(Tool, "--reset-offsets", "--group", "app", "--input-topic", "in", "--to-latest", "--execute");
        Assert.StartsWith("\nError: One or more topics are not part of the group 'app'.\n", none.Out, StringComparison.Ordinal);
        var plan = Path.GetTempFileName();
        await File.WriteAllTextAsync(plan, "in,0,1\n");
        var set = await broker.RunAsync(Tool, "--reset-offsets", "--group", "app", "--from-file", plan, "--execute");
        File.Delete(plan);
        const string Header = "\nGROUP                          TOPIC                          PARTITION  NEW-OFFSET     \n";
        Assert.Equal(Header + "app                            in                             0          1              \n", set.Out);
        var latest = await broker.RunAsync(Tool, "--reset-offsets", "--group", "app", "--all-input-topics", "--to-latest", "--execute");
        Assert.Equal(Header + "app                            in                             0          3              \n", latest.Out);

        var offsets = await broker.RunAsync(Tool, "--delete-offsets", "--group", "app", "--all-input-topics");
        Assert.Equal("Request succeeded for deleting offsets from group app.\n\nTOPIC           PARTITION  STATUS         \nin              0          Successful     \n", offsets.Out);
        var deleted = await broker.RunAsync(Tool, "--delete", "--group", "app", "--delete-all-internal-topics");
        Assert.Equal("Deletion of requested streams groups ('app') was successful.\nDeletion of associated internal topics of the streams groups ('app') was successful.\n", deleted.Out);
        Assert.DoesNotContain("app-store-changelog", (await broker.RunAsync("kafka-topics", "--list")).Out);
        Assert.Equal("", (await broker.RunAsync(Tool, "--list")).Out);
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_told_of_as_in_the_original()
    {
        await CreateAsync("elsewhere");
        var described = await broker.RunAsync(Tool, "--describe", "--group", "nope");
        Assert.Equal((1, "\nError: Executing streams group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group nope not found.\n"), (described.Status, described.Out));
        Assert.Equal(
            "\nError: Deletion of some streams groups failed:\n* Group 'nope' could not be deleted due to: java.lang.IllegalArgumentException: Group 'nope' does not exist or is not a streams group.\n",
            (await broker.RunAsync(Tool, "--delete", "--group", "nope")).Out);
        Assert.Equal(
            "\nError: The group id does not exist.\n\nTOPIC           PARTITION  STATUS         \n"
            + "elsewhere       0          Error: org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.\n",
            (await broker.RunAsync(Tool, "--delete-offsets", "--group", "nope", "--input-topic", "elsewhere")).Out);
        Assert.Equal(
            "\nError: One or more topics are not part of the group 'nope'.\n\nGROUP                          TOPIC                          PARTITION  NEW-OFFSET     \n",
            (await broker.RunAsync(Tool, "--reset-offsets", "--group", "nope", "--input-topic", "elsewhere", "--to-earliest", "--execute")).Out);
    }

    [Theory]
    [InlineData("Command must include exactly one action: --list, --describe, --delete, --reset-offsets, or --delete-offsets.")]
    [InlineData("Option [describe] takes one of these options: [all-groups], [group]", "--describe")]
    [InlineData("Invalid state list 'Foo'. Valid states are: Assigning, Empty, Stable, Reconciling, Dead, NotReady", "--list", "--state", "Foo")]
    [InlineData("Kafka Streams does not support topic-specific offset deletion from a streams group.", "--delete", "--group", "g", "--input-topic", "t")]
    [InlineData("Option [reset-offsets] takes [execute] when [delete-all-internal-topics] is used.", "--reset-offsets", "--group", "g", "--input-topic", "t", "--to-latest", "--dry-run", "--delete-all-internal-topics")]
    public async Task What_is_wrong_is_said_in_Kafkas_words(string message, params string[] arguments)
    {
        var run = await broker.RunAsync(Tool, arguments);
        Assert.Equal((1, true), (run.Status, run.Error.StartsWith(message + "\n", StringComparison.Ordinal)));
    }

    private async Task CreateAsync(params string[] topics)
    {
        foreach (var topic in topics)
            Assert.Equal(0, (await broker.RunAsync("kafka-topics", "--create", "--topic", topic, "--partitions", "1")).Status);
    }

    private async Task<StreamsGroupHeartbeatResponse> BeatAsync(int epoch)
    {
        var joins = epoch == 0;
        await using var cluster = new ClusterClient(
            new ConsumerOptions { BootstrapServers = [broker.Servers], ClientId = "tester" }, new ClusterMetadataOptions { AllowAutoTopicCreation = false }, ClientEnvironment.ForProgram());
        var connection = await cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, "app", TestContext.Current.CancellationToken);
        return await connection.SendAsync(
            new StreamsGroupHeartbeatRequest
            {
                GroupId = "app",
                MemberId = "member-1",
                MemberEpoch = epoch,
                RebalanceTimeoutMs = joins ? 60_000 : -1,
                ProcessId = joins ? "process-1" : null,
                Topology = joins ? new() { Epoch = 1, Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["in"], StateChangelogTopics = [new() { Name = "app-store-changelog" }] }] } : null,
                ActiveTasks = joins ? [] : null,
                StandbyTasks = joins ? [] : null,
                WarmupTasks = joins ? [] : null,
            }, TestContext.Current.CancellationToken);
    }
}
