using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Examples.Sensors;

/// <summary>Sends all rows, keyed by sensor: the rows of a sensor stay in order, in one partition.</summary>
internal static class SensorProducer
{
    private const int Partitions = 2;

    public static async Task<int> RunAsync(string bootstrap, string topic, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        await EnsureTopicAsync(bootstrap, topic, cancellationToken);
        var options = ProducerOptions.Parse(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = bootstrap,
            ["client.id"] = "sensors",
            ["compression.type"] = Environment.GetEnvironmentVariable("CODEC") ?? "none",
        });
        var sent = 0;
        var failed = 0;
        KafkaException? first = null;
        await using (var producer = new Producer<string?, string?>(options, Serializers.Utf8, Serializers.Utf8, ClientEnvironment.ForProgram()))
        {
            foreach (var row in Rows.Read(files))
            {
                // Returns at once, unless the producer's memory is full.
                await producer.EnqueueAsync(new(topic, row.Key, row.Value), (_, error) =>
                {
                    if (error is null)
                        return;
                    Interlocked.CompareExchange(ref first, error, null);
                    Interlocked.Increment(ref failed);
                }, cancellationToken);
                sent++;
            }
            await producer.FlushAsync(cancellationToken);
        }
        Console.Error.WriteLine(first is null ? $"{sent} rows delivered to {topic}" : $"{failed} of {sent} rows not delivered to {topic}: {first.Message}");
        return first is null ? 0 : 1;
    }

    private static async Task EnsureTopicAsync(string bootstrap, string topic, CancellationToken cancellationToken)
    {
        await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = bootstrap.Split(',') }, ClientEnvironment.ForProgram());
        var outcome = (await admin.CreateTopicsAsync([new NewTopic { Name = topic, PartitionCount = Partitions }], cancellationToken: cancellationToken))[topic];
        if (outcome.Error is { ErrorCode: not ErrorCode.TopicAlreadyExists } error)
            throw error;
    }
}
