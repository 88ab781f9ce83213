using Barnabas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(Barnabas.Client.Tests.Contracts.BarnabasNode))]

namespace Barnabas.Client.Tests.Contracts;

/// <summary>One node of Barnabas for the whole run, in memory, started when the first test asks for it.</summary>
public sealed class BarnabasNode : IClusterUnderTest, IAsyncDisposable
{
    private readonly Lazy<Task<ClusterAddress>> _start;
    private TestBroker? _broker;

    public BarnabasNode() => _start = new Lazy<Task<ClusterAddress>>(StartAsync);

    public Task<ClusterAddress> AddressAsync() => _start.Value;

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
    }

    private async Task<ClusterAddress> StartAsync()
    {
        _broker = await TestBroker.StartAsync(new TestBrokerOptions
        {
            InMemory = true,
            Properties = new Dictionary<string, string>
            {
                ["group.initial.rebalance.delay.ms"] = "0",
                ["group.min.session.timeout.ms"] = "100",
                ["group.consumer.min.heartbeat.interval.ms"] = "50",
                ["group.consumer.heartbeat.interval.ms"] = "50",
                ["group.share.min.heartbeat.interval.ms"] = "50",
                ["group.share.heartbeat.interval.ms"] = "50",
                ["group.share.assignment.interval.ms"] = "0",
                ["group.share.min.assignment.interval.ms"] = "0",
                ["offsets.topic.num.partitions"] = "3",
            },
        });
        return new ClusterAddress(_broker.BootstrapServers, new ClientEnvironment
        {
            Transport = _broker.Transport,
            Time = TimeProvider.System,
            Random = new Random(3),
            LoggerFactory = NullLoggerFactory.Instance,
        });
    }
}
