using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>A node that is stopped ends soon, whatever its clients are in the middle of.</summary>
public sealed class StoppingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_node_stops_in_the_middle_of_everything(int seed)
    {
        var chance = new Random(seed);
        var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true, Seed = seed });
        var environment = new ClientEnvironment { Transport = broker.Transport, Time = TimeProvider.System, Random = new Random(seed), LoggerFactory = NullLoggerFactory.Instance };
        using var stop = new CancellationTokenSource();
        Task[] clients =
        [
            ProduceAsync(broker, environment, "plain", null, stop.Token),
            ProduceAsync(broker, environment, "transactional", "id", stop.Token),
            ConsumeAsync(broker, environment, GroupProtocol.Classic, "plain", stop.Token),
            ConsumeAsync(broker, environment, GroupProtocol.Consumer, "transactional", stop.Token),
        ];
        // Chance, not a condition: the stop may come at any moment.
        await Task.Delay(chance.Next(1, 1500));
        await broker.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task ProduceAsync(TestBroker broker, ClientEnvironment environment, string topic, string? transactionalId, CancellationToken stop)
    {
        var options = new ProducerOptions { BootstrapServers = [broker.BootstrapServers], Linger = TimeSpan.Zero, TransactionalId = transactionalId, CloseTimeout = TimeSpan.Zero, RequestTimeout = TimeSpan.FromSeconds(2), DeliveryTimeout = TimeSpan.FromSeconds(4), MaxBlock = TimeSpan.FromSeconds(4) };
        await using var producer = new Producer<string?, string?>(options, Serializers.Utf8, Serializers.Utf8, environment);
        await EndsByStopAsync(stop, async () =>
        {
            if (transactionalId is not null) await producer.InitTransactionsAsync(stop);
            while (true)
            {
                if (transactionalId is not null) producer.BeginTransaction();
                await producer.ProduceAsync(new(topic, null, "v"), stop);
                if (transactionalId is not null) await producer.CommitTransactionAsync(stop);
            }
        });
    }

    private static async Task ConsumeAsync(TestBroker broker, ClientEnvironment environment, GroupProtocol protocol, string topic, CancellationToken stop)
    {
        var options = new ConsumerOptions { BootstrapServers = [broker.BootstrapServers], GroupId = topic, GroupProtocol = protocol, RequestTimeout = TimeSpan.FromSeconds(2) };
        await using var consumer = new Consumer<string?, string?>(options, Deserializers.Utf8, Deserializers.Utf8, environment);
        consumer.Subscribe([topic]);
        await EndsByStopAsync(stop, async () =>
        {
            while (true) await consumer.PollAsync(TimeSpan.FromSeconds(1), stop);
        });
    }

    // What a client meets when its node goes away is not what is looked at here.
    private static async Task EndsByStopAsync(CancellationToken stop, Func<Task> work)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (Exception error) when (error is KafkaException or OperationCanceledException or InvalidOperationException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }
}
