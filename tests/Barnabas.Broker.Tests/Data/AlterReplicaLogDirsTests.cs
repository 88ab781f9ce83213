using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage.Disks;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Data;

/// <summary>Replicas that move between the log directories of a node (KIP-113).</summary>
public sealed class AlterReplicaLogDirsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-move-").FullName;

    private string First => Path.Combine(_folder, "one");

    private string Second => Path.Combine(_folder, "two");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_moved_replica_keeps_every_record_and_takes_new_ones_on_the_way()
    {
        await using var broker = await StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        for (var i = 0; i < 50; i++)
            await words.ProduceAsync(Records.Batch($"before {i}"));
        var (from, to) = await DirectoriesOfAsync(words);

        Assert.Equal(ErrorCode.None, await MoveAsync(words, to));
        var sent = 50;
        for (var end = DateTime.UtcNow + Patience; (await DirectoriesOfAsync(words)).Current != to; sent++)
        {
            Assert.True(DateTime.UtcNow < end, "The replica has not moved.");
            Assert.Equal(ErrorCode.None, (await words.ProduceAsync(Records.Batch($"meanwhile {sent}"))).ErrorCode);
        }
        var produced = await words.ProduceAsync(Records.Batch("after"));

        Assert.Equal((ErrorCode.None, sent), (produced.ErrorCode, produced.BaseOffset));
        Assert.Equal(sent + 1, await CountAsync(words));
        Assert.Empty(Directory.GetDirectories(from, "words-0"));
        await broker.RestartAsync();
        await using var again = await TopicClient.ConnectAsync(broker);
        Assert.Equal(to, (await DirectoriesOfAsync(again)).Current);
        Assert.Equal(sent + 1, await CountAsync(again));
    }

    [Fact]
    public async Task A_copy_whose_log_is_gone_takes_its_place_at_the_next_start()
    {
        string to;
        await using (var broker = await StartAsync())
        {
            await using var words = await TopicClient.CreateAsync(broker);
            await words.ProduceAsync(Records.Batch("a", "b"));
            (_, to) = await DirectoriesOfAsync(words);
            Assert.Equal(ErrorCode.None, await MoveAsync(words, to));
            for (var end = DateTime.UtcNow + Patience; (await DirectoriesOfAsync(words)).Current != to;)
                Assert.True(DateTime.UtcNow < end, "The replica has not moved.");
        }

        // As if the process had ended between the two renames of the swap.
        Directory.Move(Path.Combine(to, "words-0"), Path.Combine(to, "words-0.0123456789abcdef0123456789abcdef-future"));

        await using var restarted = await StartAsync();
        await using var again = await TopicClient.ConnectAsync(restarted);
        Assert.Equal(["0:a", "1:b"], Records.Values((await again.FetchAsync(0)).Records));
        Assert.Equal(to, (await DirectoriesOfAsync(again)).Current);
    }

    [Fact]
    public async Task Where_a_replica_cannot_go_it_does_not()
    {
        await using var broker = await StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        Assert.Equal(ErrorCode.LogDirNotFound, await MoveAsync(words, "/nowhere"));
        Assert.Equal(ErrorCode.ReplicaNotAvailable, await MoveAsync(words, First, partition: 9));
    }

    private Task<TestBroker> StartAsync() => TestBroker.StartAsync(TestBrokerOptions.Default with
    {
        InMemory = true,
        Disk = new PhysicalDisk(),
        Properties = new Dictionary<string, string> { ["log.dirs"] = $"{First},{Second}" },
    });

    private static async Task<ErrorCode> MoveAsync(TopicClient words, string directory, int partition = 0)
    {
        var request = new AlterReplicaLogDirsRequest();
        var wanted = new AlterReplicaLogDirsRequest.AlterReplicaLogDir { Path = directory };
        wanted.Topics.Add(new() { Name = words.Topic, Partitions = [partition] });
        request.Dirs.Add(wanted);
        return (await words.Raw.CallAsync(request, 2)).Results[0].Partitions[0].ErrorCode;
    }

    /// <summary>Reads to the end, each record where the one before says.</summary>
    private static async Task<int> CountAsync(TopicClient words)
    {
        var offset = 0;
        while (Records.Values((await words.FetchAsync(offset)).Records) is { Count: > 0 } values)
        {
            foreach (var value in values)
                Assert.StartsWith($"{offset++}:", value, StringComparison.Ordinal);
        }
        return offset;
    }

    private static async Task<(string Current, string Other)> DirectoriesOfAsync(TopicClient words)
    {
        var described = (await words.Raw.CallAsync(new DescribeLogDirsRequest { Topics = null }, 5)).Results;
        var current = described.Single(d => d.Topics.Any(t => t.Name == words.Topic && t.Partitions.Exists(p => !p.IsFutureKey))).LogDir;
        return (current, described.First(d => d.LogDir != current).LogDir);
    }
}
