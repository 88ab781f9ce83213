using Barnabas.Cli.Tests.Support;
using Barnabas.Cli.Verbs.MetadataShell;
using Barnabas.Testing;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class MetadataShellTests : IDisposable
{
    private static readonly string Segment = Path.Combine(AppContext.BaseDirectory, "golden/metadata-shell/apache-kafka.segment");

    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-cli").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("find.txt", "find", "/")]
    [InlineData("ls-image.txt", "ls", "/image/*")]
    public async Task The_tree_of_Apache_Kafkas_log_is_the_one_its_own_shell_shows(string golden, params string[] command)
    {
        var run = await VerbRun.RunAsync(["kafka-metadata-shell", "--snapshot", Segment, .. command]);
        Assert.Equal((0, Golden(golden)), (run.Status, run.Out));
    }

    [Fact]
    public async Task The_files_of_Apache_Kafkas_log_hold_what_its_own_shell_shows()
    {
        var run = await VerbRun.RunAsync("kafka-metadata-shell", "-s", Segment, "tree", "/image");
        var lines = run.Out.Split('\n');
        Assert.Equal(Golden("tree-without-partitions.txt"), string.Join('\n', lines.Where(line => !line.Contains("PartitionRegistration", StringComparison.Ordinal))));
        Assert.Equal(
            "PartitionRegistration(replicas=[1], directories=[0OReEEoPR02pzov3J6IGfw], isr=[1], removingReplicas=[], addingReplicas=[], elr=[], lastKnownElr=[], leader=1, leaderRecoveryState=RECOVERED, leaderEpoch=0, partitionEpoch=0)",
            lines.First(line => line.Contains("PartitionRegistration", StringComparison.Ordinal)).Trim());
    }

    [Theory]
    [InlineData("invalid choice: 'pwd' (choose from 'cat', 'find', 'ls', 'tree')\n", "pwd")]
    [InlineData("ls: /nope: no such file or directory.\n", "ls", "/nope")]
    [InlineData("cat: /image: Is a directory\n", "cat", "/image")]
    [InlineData("cat: nope: No such file or directory.\n", "cat", "nope")]
    [InlineData("too few arguments\n", "cat")]
    [InlineData("4.3.1\n", "cat", "/local/version")]
    [InlineData("__consumer_offsets\nt1\n", "cat", "/image/topics/byName/{t1,__*}/name")]
    public async Task A_single_command_prints_as_the_original(string expected, params string[] command)
    {
        var run = await VerbRun.RunAsync(["kafka-metadata-shell", "--snapshot", Segment, .. command]);
        Assert.Equal((0, expected), (run.Status, run.Out));
    }

    [Fact]
    public async Task The_shell_keeps_a_working_folder_and_a_history()
    {
        var run = await VerbRun.RunWithAsync("pwd\ncd image\npwd\nls producerIds\nnope\ncd nope\nhistory 2\nexit\npwd\n", "kafka-metadata-shell", "--snapshot", Segment);
        Assert.Equal(
            "Loading...\nStarting...\n[ Kafka Metadata Shell ]\n>> /\n>> >> /image\n>> nextProducerId\n"
            + ">> invalid choice: 'nope' (choose from 'cat', 'cd', 'exit', 'find', 'help', 'history', 'ls', 'man', 'pwd', 'tree')\n"
            + ">> cd: nope: no such directory.\n>>     5  cd nope\n    6  history 2\n>> ",
            run.Out);
    }

    [Fact]
    public async Task A_directory_of_Barnabas_is_read()
    {
        await using (var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { LogDirectory = _folder }))
            Assert.Equal(0, (await VerbRun.RunAsync("kafka-topics", "--bootstrap-server", broker.BootstrapServers, "--create", "--topic", "orders", "--partitions", "2")).Status);
        var run = await VerbRun.RunAsync("kafka-metadata-shell", "--directory", _folder, "ls", "/image/topics/byName/orders", "/image/cluster/brokers");
        Assert.Equal("orders:\n0\n1\nid\nname\n\nbrokers:\n1\n", run.Out);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_one_line() =>
        Assert.Equal((1, "Error: /no/such/file (No such file or directory)\n"), await StatusAndError("kafka-metadata-shell", "--snapshot", "/no/such/file", "ls"));

    [Theory]
    [InlineData("cat  'a b' \"c\"", "cat|a b|c")]
    [InlineData("a\\ b \\\"", "a b|\"")]
    [InlineData("", "")]
    public void Words_may_be_quoted(string line, string expected) => Assert.Equal(expected, string.Join('|', ShellWords.Split(line)));

    [Fact]
    public void Names_fill_the_columns_of_a_terminal()
    {
        using var output = new StringWriter();
        NameColumns.Print(output, ["aaaa", "b", "cc", "dd", "e"], 12);
        Assert.Equal("aaaa  dd\nb     e\ncc\n", output.ToString());
    }

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden/metadata-shell", name));

    private static async Task<(int, string)> StatusAndError(params string[] arguments)
    {
        var run = await VerbRun.RunAsync(arguments);
        return (run.Status, run.Error);
    }
}
