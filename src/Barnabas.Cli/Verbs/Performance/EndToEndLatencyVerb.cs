using System.Globalization;
using System.Text;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using ByteConsumer = Barnabas.Client.Consumer.Consumer<byte[]?, byte[]?>;
using ByteProducer = Barnabas.Client.Producer.Producer<byte[]?, byte[]?>;
using ByteRecord = Barnabas.Client.Producer.ProducerRecord<byte[]?, byte[]?>;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>kafka-e2e-latency: sends records one by one and measures until each comes back.</summary>
internal sealed class EndToEndLatencyVerb : Verb
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMinutes(1);

    private readonly EndToEndLatencyOptions _all = new();
    private readonly Random _random = new(0);

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        arguments = EndToEndLatencyOptions.NamePositions(arguments, context.Out);
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options);
        var environment = ToolEnvironment.Of(context);
        var topic = options.Required(_all.Topic);
        await CreateTopicAsync(context, options, topic);
        await using var consumer = new ByteConsumer(ConsumerOptions.Parse(LoginFile.Complete(ConsumerProperties(context, options))), Deserializers.ByteArray, Deserializers.ByteArray, environment);
        await using var producer = new ByteProducer(ProducerOptions.Parse(LoginFile.Complete(ProducerProperties(options))), Serializers.ByteArray, Serializers.ByteArray, environment);
        await StartAtEndAsync(consumer, topic, context.Stop);
        var latencies = new double[options.IntOf(_all.Records)];
        for (var at = 0; at < latencies.Length; at++)
        {
            var record = NewRecord(options, topic);
            var start = context.Time.GetTimestamp();
            await producer.ProduceAsync(record, context.Stop);
            var received = await consumer.PollAsync(PollTimeout, context.Stop);
            latencies[at] = context.Time.GetElapsedTime(start).TotalMilliseconds;
            await CheckAsync(consumer, record, received, context.Stop);
            if (at % 1000 != 0)
                continue;
            context.Out.WriteLine($"{at}\t{Configuration.Validation.JavaDouble.ToText(latencies[at])}");
            await context.Out.FlushAsync();
        }

        PrintResults(context.Out, latencies);
        await consumer.CommitAsync(context.Stop);
        return 0;
    }

    private static void PrintResults(TextWriter output, double[] latencies)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Avg latency: {latencies.Average():F4} ms"));
        Array.Sort(latencies);
        int Percentile(double share) => (int)latencies[(int)(latencies.Length * share)];
        output.WriteLine($"Percentiles: 50th = {Percentile(0.5)}, 99th = {Percentile(0.99)}, 99.9th = {Percentile(0.999)}");
    }

    private async Task CreateTopicAsync(VerbContext context, OptionSet options, string topic)
    {
        await using var admin = Clients.Admin(options, _all.BootstrapServer, _all.CommandConfig);
        var topics = await admin.ListTopicsAsync(includeInternal: true, cancellationToken: context.Stop);
        if (topics.Any(listing => listing.Name == topic))
            return;
        context.Out.WriteLine($"Topic \"{topic}\" does not exist. Will create topic with 1 partition(s) and replication factor = 1");
        var outcome = (await admin.CreateTopicsAsync([new NewTopic { Name = topic, PartitionCount = 1, ReplicationFactor = 1 }], cancellationToken: context.Stop))[topic];
        if (outcome.Error is null)
            return;
        context.Out.WriteLine($"Creation of topic {topic} failed");
        throw outcome.Error;
    }

    private static async Task StartAtEndAsync(ByteConsumer consumer, string topic, CancellationToken stop)
    {
        var partitions = (await consumer.PartitionsForAsync(topic, cancellationToken: stop)).Select(partition => new TopicPartition(topic, partition.Partition)).ToList();
        consumer.Assign(partitions);
        consumer.SeekToEnd(partitions);
        foreach (var partition in partitions)
            await consumer.PositionAsync(partition, cancellationToken: stop);
    }

    private static async Task CheckAsync(ByteConsumer consumer, ByteRecord sent, IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> received, CancellationToken stop)
    {
        var problem = received.Count == 0 ? $"poll() timed out before finding a result (timeout:[{PollTimeout.TotalMilliseconds:0}ms])"
            : !Same(sent.Value, received[0].Value) ? $"The message value read [{Text(received[0].Value)}] did not match the message value sent [{Text(sent.Value)}]"
            : sent.Key is null && received[0].Key is not null ? $"Expected null message key but received [{Text(received[0].Key)}]"
            : !Same(sent.Key, received[0].Key) ? $"The message key read [{Text(received[0].Key)}] did not match the message key sent [{Text(sent.Key)}]"
            : (sent.Headers?.Count ?? 0) != received[0].Headers.Count ? "Header count mismatch between sent and received messages"
            : received.Count != 1 ? $"Only one result was expected during this test. We found [{received.Count}]"
            : null;
        if (problem is null)
            return;
        await consumer.CommitAsync(stop);
        throw new VerbException(problem);
    }

    private ByteRecord NewRecord(OptionSet options, string topic)
    {
        var headers = new List<RecordHeader>();
        for (var at = 0; at < options.IntOf(_all.Headers); at++)
        {
            var key = Encoding.ASCII.GetString(Letters(options.IntOf(_all.HeaderKeySize)));
            headers.Add(options.IntOf(_all.HeaderSize) is >= 0 and var size ? new RecordHeader(key, Letters(size)) : new RecordHeader(key, null));
        }

        var keySize = options.IntOf(_all.KeySize);
        return new ByteRecord(topic, keySize > 0 ? Letters(keySize) : null, Letters(options.IntOf(_all.RecordSize))) { Headers = headers };
    }

    private byte[] Letters(int count)
    {
        var letters = new byte[count];
        Array.Fill(letters, (byte)('A' + _random.Next(26)));
        return letters;
    }

    private Dictionary<string, string> ConsumerProperties(VerbContext context, OptionSet options)
    {
        var properties = ClientProperties(options);
        properties["group.id"] = $"test-group-{context.Time.GetUtcNow().ToUnixTimeMilliseconds()}";
        properties["enable.auto.commit"] = "false";
        properties["auto.offset.reset"] = "latest";
        properties["fetch.max.wait.ms"] = "0";
        return properties;
    }

    private Dictionary<string, string> ProducerProperties(OptionSet options)
    {
        var properties = ClientProperties(options);
        properties["linger.ms"] = "0";
        properties["max.block.ms"] = long.MaxValue.ToString(CultureInfo.InvariantCulture);
        properties["acks"] = options.Required(_all.Acks);
        return properties;
    }

    private Dictionary<string, string> ClientProperties(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(_all.CommandConfig));
        properties["bootstrap.servers"] = options.Required(_all.BootstrapServer);
        return properties;
    }

    private static bool Same(byte[]? left, byte[]? right) => left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);

    private static string Text(byte[]? bytes) => bytes is null ? "null" : Encoding.UTF8.GetString(bytes);
}
