namespace Barnabas.Client.Tests.Contracts;

/// <summary>The run's one node of Apache Kafka; its tests are skipped without BARNABAS_PEERS.</summary>
internal sealed class ApacheKafkaCluster(Producer.ApacheKafka kafka) : IClusterUnderTest
{
    public async Task<ClusterAddress> AddressAsync() => new(await kafka.StartAsync(TestContext.Current.CancellationToken), ClientEnvironment.ForProgram());
}
