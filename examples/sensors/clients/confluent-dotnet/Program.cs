// Confluent.Kafka for .NET: produce BOOTSTRAP TOPIC ROWS | consume BOOTSTRAP TOPIC GROUP COUNT
using Confluent.Kafka;

return args switch
{
    ["produce", var bootstrap, var topic, var rows] => Produce(bootstrap, topic, rows),
    ["consume", var bootstrap, var topic, var group, var count] => Consume(bootstrap, topic, group, int.Parse(count)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("produce BOOTSTRAP TOPIC ROWS | consume BOOTSTRAP TOPIC GROUP COUNT");
    return 2;
}

static int Produce(string bootstrap, string topic, string rows)
{
    var codec = Enum.Parse<CompressionType>(Environment.GetEnvironmentVariable("CODEC") ?? "none", ignoreCase: true);
    using var producer = new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = bootstrap,
        EnableIdempotence = true,
        LingerMs = 5,
        CompressionType = codec,
        QueueBufferingMaxMessages = 1_000_000,
    }).Build();
    var failed = 0;
    foreach (var line in File.ReadLines(rows))
    {
        var tab = line.IndexOf('\t');
        producer.Produce(topic, new Message<string, string> { Key = line[..tab], Value = line[(tab + 1)..] }, report =>
        {
            if (report.Error.IsError)
                Interlocked.Increment(ref failed);
        });
    }
    var left = producer.Flush(TimeSpan.FromSeconds(60));
    if (left + failed == 0)
        return 0;
    Console.Error.WriteLine($"{left} records never acknowledged, {failed} failed");
    return 1;
}

static int Consume(string bootstrap, string topic, string group, int count)
{
    using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = bootstrap,
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
    }).Build();
    consumer.Subscribe(topic);
    using var output = new StreamWriter(Console.OpenStandardOutput());
    for (var left = count; left > 0; left--)
    {
        if (consumer.Consume(TimeSpan.FromSeconds(60)) is not { } record)
        {
            Console.Error.WriteLine($"{left} records missing");
            return 1;
        }
        output.Write($"{record.Message.Key}\t{record.Message.Value}\n");
    }
    consumer.Commit();
    consumer.Close();
    return 0;
}
