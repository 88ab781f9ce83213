using System.Text.RegularExpressions;
using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class StorageVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-cli").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_standalone_format_writes_what_Apache_Kafka_writes()
    {
        var config = WriteConfig();
        var run = await VerbRun.RunAsync("kafka-storage", "format", "--standalone", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", config);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.StartsWith("Bootstrap metadata: BootstrapMetadata(records=[ApiMessageAndVersion(FeatureLevelRecord(name='metadata.version', featureLevel=30) at version 0)", run.Out, StringComparison.Ordinal);
        Assert.EndsWith($"Formatting dynamic metadata voter directory {_folder}/a with metadata.version 4.3-IV0.\n", run.Out, StringComparison.Ordinal);

        var dump = await VerbRun.RunAsync("kafka-dump-log", "--cluster-metadata-decoder", "--files", $"{_folder}/a/bootstrap.checkpoint");
        Assert.Equal(Golden("bootstrap-dump.txt"), Neutral(dump.Out));
    }

    [Fact]
    public async Task A_formatted_directory_is_not_formatted_again()
    {
        var config = WriteConfig();
        string[] format = ["kafka-storage", "format", "--standalone", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", config];
        Assert.Equal(0, (await VerbRun.RunAsync(format)).Status);
        var again = await VerbRun.RunAsync(format);
        Assert.Equal(
            (1, $"Log directory {_folder}/a is already formatted. Use --ignore-formatted to ignore this directory and format the others.\n"),
            (again.Status, again.Error));
        var ignored = await VerbRun.RunAsync([.. format, "-g"]);
        Assert.Equal(0, ignored.Status);
        Assert.EndsWith("All of the log directories are already formatted.\n", ignored.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_tells_that_a_directory_is_missing()
    {
        var run = await VerbRun.RunAsync("kafka-storage", "info", "-c", WriteConfig());
        Assert.Equal((1, $"Found problem:\n  {_folder}/a does not exist\n\n"), (run.Status, run.Out));
    }

    [Theory]
    [InlineData("version-mapping", "version-mapping.txt")]
    [InlineData("version-mapping -r 3.9", "version-mapping-3.9.txt")]
    [InlineData("feature-dependencies -f transaction.version=2 -f metadata.version=20 -f eligible.leader.replicas.version=1 -f share.version=1", "feature-dependencies.txt")]
    public async Task Versions_are_told_as_Apache_Kafka_tells_them(string line, string golden)
    {
        var run = await VerbRun.RunAsync(["kafka-storage", .. line.Split(' ')]);
        Assert.Equal((0, Golden(golden)), (run.Status, run.Out));
    }

    [Fact]
    public async Task A_missing_cluster_id_is_one_line()
    {
        var run = await VerbRun.RunAsync("kafka-storage", "format", "-c", WriteConfig());
        Assert.Equal(1, run.Status);
        Assert.StartsWith("usage: kafka-storage format [-h] ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("kafka-storage: error: argument --cluster-id/-t is required\n", run.Error, StringComparison.Ordinal);
    }

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "storage", name));

    // Times and checksums over them differ from run to run.
    private static string Neutral(string text) => Regex.Replace(Regex.Replace(text, @"CreateTime: \d+", "CreateTime: T"), @"crc: \d+|Dumping .*", "-");

    private string WriteConfig()
    {
        var path = Path.Combine(_folder, "server.properties");
        File.WriteAllText(path, $"process.roles=broker,controller\nnode.id=1\ncontroller.quorum.bootstrap.servers=localhost:19093\n"
            + $"listeners=PLAINTEXT://localhost:19092,CONTROLLER://localhost:19093\ncontroller.listener.names=CONTROLLER\nlog.dirs={_folder}/a\n");
        return path;
    }
}
