using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using TextConsumer = Barnabas.Client.Consumer.Consumer<string?, string?>;
using TextProducer = Barnabas.Client.Producer.Producer<string?, string?>;

namespace Barnabas.Client.Tests.Producer;

/// <summary>Transactions on Apache Kafka and on Barnabas, with an epoch for each transaction (version 2) and without (version 0).</summary>
public sealed class TransactionTests(ApacheKafka kafka)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<Target> Targets => [Target.ApacheKafka, Target.Barnabas, Target.BarnabasWithoutEpochBump];

    public enum Target
    {
        ApacheKafka,
        Barnabas,
        BarnabasWithoutEpochBump,
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task What_is_committed_is_read_and_what_is_aborted_is_not(Target target)
    {
        await using var cluster = await StartAsync(target);
        var topic = $"words-{target}";
        await using var producer = cluster.Producer($"words-{target}");
        await producer.InitTransactionsAsync(Token);
        var expected = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            producer.BeginTransaction();
            var deliveries = Enumerable.Range(0, 20).Select(i => producer.ProduceAsync(new(topic, null, $"{round}-{i}") { Partition = 0 }, Token)).ToList();
            await Task.WhenAll(deliveries);
            if (round % 2 == 0)
            {
                await producer.CommitTransactionAsync(Token);
                expected.AddRange(Enumerable.Range(0, 20).Select(i => $"{round}-{i}"));
            }
            else
            {
                await producer.AbortTransactionAsync(Token);
            }
        }

        Assert.Equal(expected, await cluster.ReadCommittedAsync(topic, expected.Count));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Records_not_sent_yet_are_given_up_by_an_abort_and_sent_by_a_commit(Target target)
    {
        await using var cluster = await StartAsync(target);
        var topic = $"waiting-{target}";
        await using var producer = cluster.Producer($"waiting-{target}", TimeSpan.FromSeconds(60));
        await producer.InitTransactionsAsync(Token);
        producer.BeginTransaction();
        var lost = producer.ProduceAsync(new(topic, null, "lost") { Partition = 0 }, Token);
        await producer.AbortTransactionAsync(Token);
        Assert.Equal(ErrorCode.TransactionAbortable, (await Assert.ThrowsAnyAsync<KafkaException>(() => lost)).ErrorCode);

        producer.BeginTransaction();
        var kept = producer.ProduceAsync(new(topic, null, "kept") { Partition = 0 }, Token);
        await producer.CommitTransactionAsync(Token);
        await kept;
        Assert.Equal(["kept"], await cluster.ReadCommittedAsync(topic, 1));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_record_that_is_refused_leaves_its_transaction_to_be_aborted(Target target)
    {
        await using var cluster = await StartAsync(target);
        var topic = $"refused-{target}";
        await using var producer = cluster.Producer($"refused-{target}");
        await producer.InitTransactionsAsync(Token);
        producer.BeginTransaction();
        await producer.ProduceAsync(new(topic, null, "before") { Partition = 0 }, Token);
        var refusal = await Assert.ThrowsAsync<KafkaException>(() => producer.ProduceAsync(new(topic, null, new string('x', 2_000_000)) { Partition = 0 }, Token));
        Assert.Equal(ErrorCode.MessageTooLarge, refusal.ErrorCode);
        await Assert.ThrowsAsync<TransactionAbortableException>(() => producer.ProduceAsync(new(topic, null, "after") { Partition = 0 }, Token));
        var failure = await Assert.ThrowsAsync<TransactionAbortableException>(() => producer.CommitTransactionAsync(Token));
        Assert.Same(refusal, failure.InnerException);
        Assert.StartsWith("Cannot execute transactional method because we are in an error state: The message is 2000", failure.Message, StringComparison.Ordinal);

        await producer.AbortTransactionAsync(Token);
        producer.BeginTransaction();
        await producer.ProduceAsync(new(topic, null, "again") { Partition = 0 }, Token);
        await producer.CommitTransactionAsync(Token);
        Assert.Equal(["again"], await cluster.ReadCommittedAsync(topic, 1));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_producer_whose_id_another_took_over_is_fenced_for_good(Target target)
    {
        await using var cluster = await StartAsync(target);
        var topic = $"fenced-{target}";
        await using var old = cluster.Producer($"fenced-{target}");
        await old.InitTransactionsAsync(Token);
        old.BeginTransaction();
        await old.ProduceAsync(new(topic, null, "zombie") { Partition = 0 }, Token);

        await using var fresh = cluster.Producer($"fenced-{target}");
        await fresh.InitTransactionsAsync(Token);
        await Assert.ThrowsAsync<FatalTransactionException>(() => old.CommitTransactionAsync(Token));
        Assert.Throws<FatalTransactionException>(old.BeginTransaction);

        fresh.BeginTransaction();
        await fresh.ProduceAsync(new(topic, null, "fresh") { Partition = 0 }, Token);
        await fresh.CommitTransactionAsync(Token);
        Assert.Equal(["fresh"], await cluster.ReadCommittedAsync(topic, 1));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Offsets_count_when_their_transaction_commits(Target target)
    {
        await using var cluster = await StartAsync(target);
        var topic = $"offsets-{target}";
        var group = new ConsumerGroupMetadata($"group-{target}");
        await using var producer = cluster.Producer($"offsets-{target}");
        await using var consumer = cluster.Consumer(group.GroupId);
        await producer.InitTransactionsAsync(Token);
        var partition = new TopicPartition(topic, 0);
        await CommitAsync(producer, partition, group, 5, commit: true);
        Assert.Equal(5, (await consumer.CommittedAsync([partition], cancellationToken: Token))[partition]!.Offset);
        await CommitAsync(producer, partition, group, 9, commit: false);
        Assert.Equal(5, (await consumer.CommittedAsync([partition], cancellationToken: Token))[partition]!.Offset);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_transaction_to_which_nothing_came_commits(Target target)
    {
        await using var cluster = await StartAsync(target);
        var topic = $"nothing-{target}";
        await using var producer = cluster.Producer($"nothing-{target}");
        await producer.InitTransactionsAsync(Token);
        producer.BeginTransaction();
        await producer.SendOffsetsToTransactionAsync(new Dictionary<TopicPartition, OffsetAndMetadata>(), new ConsumerGroupMetadata("nobody"), Token);
        await producer.CommitTransactionAsync(Token);

        producer.BeginTransaction();
        await producer.ProduceAsync(new(topic, null, "kept") { Partition = 0 }, Token);
        await producer.CommitTransactionAsync(Token);
        Assert.Equal(["kept"], await cluster.ReadCommittedAsync(topic, 1));
    }

    [Fact]
    public async Task Methods_out_of_order_are_refused()
    {
        await using var cluster = await StartAsync(Target.Barnabas);
        await using (var plain = new TextProducer(cluster.Options, Serializers.Utf8, Serializers.Utf8, cluster.Environment))
            Assert.Throws<InvalidOperationException>(plain.BeginTransaction);

        await using var producer = cluster.Producer("order");
        Assert.Throws<InvalidOperationException>(producer.BeginTransaction);
        await producer.InitTransactionsAsync(Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => producer.InitTransactionsAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => producer.ProduceAsync(new("order", null, "too early"), Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => producer.CommitTransactionAsync(Token));
        producer.BeginTransaction();
        Assert.Throws<InvalidOperationException>(producer.BeginTransaction);
        await producer.CommitTransactionAsync(Token);
    }

    [Fact]
    public async Task An_administrator_sees_transactions_and_ends_them()
    {
        await using var cluster = await StartAsync(Target.Barnabas);
        await using var producer = cluster.Producer("seen");
        await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = cluster.Options.BootstrapServers }, cluster.Environment);
        await producer.InitTransactionsAsync(Token);
        producer.BeginTransaction();
        await producer.ProduceAsync(new("seen", null, "a") { Partition = 0 }, Token);

        var listed = Assert.Single((await admin.ListTransactionsAsync(TransactionFilter.All with { States = ["Ongoing"] }, cancellationToken: Token)).SelectMany(node => node.Value));
        var described = (await admin.DescribeTransactionsAsync(["seen", "nobody"], cancellationToken: Token))["seen"].Value;
        Assert.Equal(("seen", "Ongoing"), (listed.TransactionalId, described.State));
        Assert.Equal([new TopicPartition("seen", 0)], described.Partitions);

        Assert.True((await admin.FenceProducersAsync(["seen"], cancellationToken: Token))["seen"].IsSuccess);
        await Assert.ThrowsAsync<FatalTransactionException>(() => producer.CommitTransactionAsync(Token));
    }

    private static async Task CommitAsync(TextProducer producer, TopicPartition partition, ConsumerGroupMetadata group, long offset, bool commit)
    {
        producer.BeginTransaction();
        await producer.ProduceAsync(new(partition.Topic, null, "a") { Partition = partition.Partition }, Token);
        await producer.SendOffsetsToTransactionAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(offset) }, group, Token);
        if (commit)
            await producer.CommitTransactionAsync(Token);
        else
            await producer.AbortTransactionAsync(Token);
    }

    private async Task<Cluster> StartAsync(Target target)
    {
        if (target == Target.ApacheKafka)
            return new Cluster(null, await kafka.StartAsync(Token), ClientEnvironment.ForProgram());
        var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true });
        var environment = new ClientEnvironment
        {
            Transport = broker.Transport,
            Time = TimeProvider.System,
            Random = new Random(1),
            LoggerFactory = NullLoggerFactory.Instance,
        };
        var cluster = new Cluster(broker, broker.BootstrapServers, environment);
        if (target == Target.BarnabasWithoutEpochBump)
            await cluster.DisableTransactionVersionAsync();
        return cluster;
    }

    private sealed class Cluster(TestBroker? broker, string address, ClientEnvironment environment) : IAsyncDisposable
    {
        public ClientEnvironment Environment => environment;

        public ProducerOptions Options { get; } = new() { BootstrapServers = [address], Linger = TimeSpan.Zero };

        public TextProducer Producer(string transactionalId, TimeSpan? linger = null) => new(
            Options with { TransactionalId = transactionalId, Linger = linger ?? TimeSpan.Zero }, Serializers.Utf8, Serializers.Utf8, environment);

        public TextConsumer Consumer(string? group) => new(
            new ConsumerOptions
            {
                BootstrapServers = [address],
                GroupId = group,
                IsolationLevel = IsolationLevel.ReadCommitted,
                AutoOffsetReset = OffsetReset.Earliest,
                EnableAutoCommit = false,
            },
            Deserializers.Utf8, Deserializers.Utf8, environment);

        public async Task<List<string>> ReadCommittedAsync(string topic, int count)
        {
            await using var consumer = Consumer(null);
            consumer.Assign([new TopicPartition(topic, 0)]);
            var values = new List<string>();
            while (values.Count < count)
                values.AddRange((await consumer.PollAsync(TimeSpan.FromSeconds(1), Token)).Select(read => read.Value!));

            return values;
        }

        public async Task DisableTransactionVersionAsync()
        {
            await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = [address] }, environment);
            var outcome = await admin.UpdateFeaturesAsync(
                new Dictionary<string, FeatureUpdate> { ["transaction.version"] = new(0, FeatureUpgradeType.SafeDowngrade) }, false, cancellationToken: Token);
            Assert.True(outcome["transaction.version"].IsSuccess);
        }

        public async ValueTask DisposeAsync()
        {
            if (broker is not null)
                await broker.DisposeAsync();
        }
    }
}
