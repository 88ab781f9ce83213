using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class ConfigsVerbTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Quotas_of_users_and_clients_are_set_shown_and_removed()
    {
        Assert.Equal("Completed updating config for user anna.\n", await OutAsync("--alter", "--entity-type", "users", "--entity-name", "anna", "--add-config", "producer_byte_rate=1024,request_percentage=12.5"));
        Assert.Equal(
            "Completed updating config for user anna.\n",
            await OutAsync("--alter", "--entity-type", "users", "--entity-name", "anna", "--entity-type", "clients", "--entity-default", "--add-config", "consumer_byte_rate=7"));
        Assert.Equal(
            "Quota configs for user-principal 'anna' are producer_byte_rate=1024.0, request_percentage=12.5\n",
            await OutAsync("--describe", "--entity-type", "users", "--entity-name", "anna"));
        Assert.Equal(
            "Quota configs for user-principal 'anna', the default client-id are consumer_byte_rate=7.0\n",
            await OutAsync("--describe", "--user", "anna", "--client-defaults"));
        Assert.Equal("Completed updating config for user anna.\n", await OutAsync("--alter", "--user", "anna", "--delete-config", "producer_byte_rate,request_percentage"));
        Assert.Equal("", await OutAsync("--describe", "--user", "anna"));
    }

    [Fact]
    public async Task Quotas_of_addresses_and_their_default_are_set()
    {
        Assert.Equal("Completed updating default config for ips in the cluster.\n", await OutAsync("--alter", "--ip-defaults", "--add-config", "connection_creation_rate=1000"));
        Assert.Equal("Completed updating config for ip 10.2.3.4.\n", await OutAsync("--alter", "--entity-type", "ips", "--entity-name", "10.2.3.4", "--add-config", "connection_creation_rate=20"));
        Assert.Equal("Quota configs for ip '10.2.3.4' are connection_creation_rate=20.0\n", await OutAsync("--describe", "--entity-type", "ips", "--entity-name", "10.2.3.4"));
        Assert.Contains("Quota configs for the default ip are connection_creation_rate=1000.0\n", await OutAsync("--describe", "--entity-type", "ips"));
    }

    [Theory]
    [InlineData("Only quota configs can be added for 'clients' using --bootstrap-server. Unexpected config names: nope", "--alter", "--client", "c", "--add-config", "nope=1")]
    [InlineData("Cannot parse quota configuration value for producer_byte_rate: many", "--alter", "--client", "c", "--add-config", "producer_byte_rate=many")]
    [InlineData("Invalid config(s): consumer_byte_rate", "--alter", "--client", "nobody", "--delete-config", "consumer_byte_rate")]
    [InlineData("Only 'users' and 'clients' entity types may be specified together", "--describe", "--entity-type", "users", "--entity-type", "topics")]
    [InlineData("--entity-{type,name,default} should not be used in conjunction with specific entity flags", "--describe", "--entity-type", "clients", "--user", "t")]
    [InlineData("An entity name must be specified with --describe of broker-loggers", "--describe", "--entity-type", "broker-loggers")]
    [InlineData("An entity-name or default entity must be specified with --alter of users, clients, brokers or ips", "--alter", "--entity-type", "users", "--add-config", "producer_byte_rate=1")]
    [InlineData("Invalid config(s): retention.ms", "--alter", "--broker-defaults", "--delete-config", "retention.ms")]
    public async Task What_is_wrong_is_said_in_Kafkas_words(string message, params string[] arguments)
    {
        var run = await broker.RunAsync("kafka-configs", arguments);
        Assert.Equal(1, run.Status);
        Assert.Contains(message, run.Error);
    }

    private async Task<string> OutAsync(params string[] arguments)
    {
        var run = await broker.RunAsync("kafka-configs", arguments);
        Assert.Equal((0, ""), (run.Status, run.Error));
        return run.Out;
    }
}
