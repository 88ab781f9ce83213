using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Examples.Sensors;

/// <summary>Reads so many rows as a member of a group, prints them as <c>KEY TAB VALUE</c>, and commits behind the last one of each partition.</summary>
internal static class SensorConsumer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string bootstrap, string topic, string group, int count, CancellationToken cancellationToken)
    {
        var options = ConsumerOptions.Parse(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = bootstrap,
            ["client.id"] = "sensors",
            ["group.id"] = group,
            ["auto.offset.reset"] = "earliest",
            ["enable.auto.commit"] = "false",
        });
        await using var consumer = new Consumer<string?, string?>(options, Deserializers.Utf8, Deserializers.Utf8, ClientEnvironment.ForProgram());
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        consumer.Subscribe([topic]);
        var next = new Dictionary<TopicPartition, OffsetAndMetadata>();
        var left = count;
        while (left > 0)
        {
            var records = await consumer.PollAsync(Patience, cancellationToken);
            if (records.Count == 0)
                break;
            foreach (var record in records.Take(left))
            {
                await output.WriteAsync($"{record.Key}\t{record.Value}\n");
                next[record.TopicPartition] = new OffsetAndMetadata(record.Offset + 1);
                left--;
            }
        }
        if (next.Count > 0)
            await consumer.CommitAsync(next, cancellationToken: cancellationToken);
        if (left == 0)
            return 0;
        Console.Error.WriteLine($"{left} of {count} rows missing: nothing came for {Patience.TotalSeconds:0} seconds");
        return 1;
    }
}
