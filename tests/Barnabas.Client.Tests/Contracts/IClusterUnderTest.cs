using System.Text;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>A real cluster: Barnabas in this process, or Apache Kafka besides it.</summary>
public interface IClusterUnderTest
{
    Task<ClusterAddress> AddressAsync();
}

public sealed record ClusterAddress(string BootstrapServers, ClientEnvironment Environment)
{
    private static int s_names;

    /// <summary>A name that no other test of this run has.</summary>
    public static string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref s_names)}";

    public AdminClient NewAdmin() => new(new AdminClientOptions { BootstrapServers = [BootstrapServers] }, Environment);

    public Consumer<string?, string?> NewConsumer(string? group, Func<ConsumerOptions, ConsumerOptions>? change = null)
    {
        var options = new ConsumerOptions { BootstrapServers = [BootstrapServers], GroupId = group, AutoOffsetReset = OffsetReset.Earliest };
        return new Consumer<string?, string?>(change?.Invoke(options) ?? options, Deserializers.Utf8, Deserializers.Utf8, Environment);
    }

    public async Task<string> NewTopicAsync(int partitions, IReadOnlyDictionary<string, string?>? configs = null)
    {
        var name = NewName("topic");
        await using var admin = NewAdmin();
        // Some tests' records are of 1970: retention would delete them half a minute after the broker's start.
        configs ??= new Dictionary<string, string?> { ["retention.ms"] = "-1" };
        var created = await admin.CreateTopicsAsync([new NewTopic { Name = name, PartitionCount = partitions, ReplicationFactor = 1, Configs = configs }], cancellationToken: Until.TooLate);
        await AppearAsync(admin, name, created[name].Value.PartitionCount);
        return name;
    }

    /// <summary>Waits until the node leads the partitions of a new topic: it learns of them a moment after the controller.</summary>
    public static async Task AppearAsync(AdminClient admin, string topic, int partitions)
    {
        var deadline = Until.TooLate;
        var latest = Enumerable.Range(0, partitions).ToDictionary(partition => new TopicPartition(topic, partition), _ => OffsetSpec.Latest);
        while ((await admin.ListOffsetsAsync(latest, cancellationToken: deadline)).Values.Any(outcome => !outcome.IsSuccess)) await Task.Delay(10, deadline);
    }

    /// <summary>A configuration once it is this: a node learns what was changed a moment after the controller.</summary>
    public static async Task<ConfigEntry> ConfigAsync(AdminClient admin, ConfigResource resource, string name, Func<ConfigEntry, bool> isThis)
    {
        var deadline = Until.TooLate;
        while (true)
        {
            var described = await admin.DescribeConfigsAsync([resource], includeSynonyms: true, cancellationToken: deadline);
            var entry = described[resource].Value.Single(one => one.Name == name);
            if (isThis(entry)) return entry;
            Assert.False(deadline.IsCancellationRequested, $"{name} of {resource} is still '{entry.Value}' by {entry.Source}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>Appends one batch by a bare produce request.</summary>
    /// <param name="partition">Where to.</param>
    /// <param name="records">Keys and values.</param>
    /// <param name="firstTimestamp">Of the first record, one more for each; now when not given.</param>
    public async Task ProduceAsync(TopicPartition partition, IReadOnlyList<(string? Key, string? Value)> records, long? firstTimestamp = null)
    {
        var timestamp = firstTimestamp ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var options = new ClientOptions { BootstrapServers = [BootstrapServers] };
        await using var cluster = new ClusterClient(options, new ClusterMetadataOptions { AllowAutoTopicCreation = false }, Environment);
        await cluster.Metadata.GetTopicAsync(partition.Topic, Until.TooLate);
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        foreach (var (key, value) in records) builder.Append(timestamp++, Bytes(key), Bytes(value));
        var bytes = builder.Build();
        for (var attempt = 0; ; attempt++)
        {
            var leader = cluster.Metadata.Current.LeaderOf(partition);
            var error = ErrorCode.LeaderNotAvailable;
            if (leader is not null)
            {
                var connection = await cluster.ConnectAsync(leader, ConnectionRole.Regular, Until.TooLate);
                var request = new ProduceRequest
                {
                    Acks = -1,
                    TimeoutMs = 30000,
                    TopicData = [new ProduceRequest.TopicProduceData { Name = partition.Topic, PartitionData = [new ProduceRequest.PartitionProduceData { Index = partition.Partition, Records = bytes }] }],
                };
                var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.Produce, highest: 12), Until.TooLate);
                error = response.Responses[0].PartitionResponses[0].ErrorCode;
            }

            if (error == ErrorCode.None) return;
            Assert.True(ErrorCodes.IsRetriable(error) && attempt < 100, $"produce answers {error}");
            await Task.Delay(50);
            await cluster.Metadata.RefreshAsync(Until.TooLate);
        }
    }

    private static ReadOnlyMemory<byte>? Bytes(string? text)
    {
        if (text is null) return null;
        return Encoding.UTF8.GetBytes(text);
    }
}
