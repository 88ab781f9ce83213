using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Networking;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Configuration;
using Barnabas.Transport;
using Barnabas.Transport.Requests;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Tests.Networking;

public sealed class SecurityOptionsTests
{
    [Theory]
    [InlineData("SASL_PLAINTEXT", null, "sasl.mechanism: this client does not speak it")]
    [InlineData("SASL_SSL", "PLAIN", "Could not find a 'KafkaClient' entry in the JAAS configuration.")]
    public async Task A_protocol_whose_means_are_not_configured_is_refused_before_anything_is_sent(string protocol, string? mechanism, string message)
    {
        await using var broker = await MockBroker.StartAsync();
        var properties = Properties(broker, ("security.protocol", protocol), ("sasl.mechanism", mechanism ?? "NONE-SUCH"));
        Action[] clients =
        [
            () => _ = new AdminClient(AdminClientOptions.Parse(properties), broker.Environment),
            () => _ = new Producer<string?, string?>(ProducerOptions.Parse(properties), Serializers.Utf8, Serializers.Utf8, broker.Environment),
            () => _ = new Consumer<string?, string?>(ConsumerOptions.Parse(properties), Deserializers.Utf8, Deserializers.Utf8, broker.Environment),
        ];
        foreach (var client in clients)
            Assert.Contains(message, Assert.Throws<ConfigException>(client).Message);
        Assert.Empty(broker.Received);
    }

    [Fact]
    public async Task With_both_means_the_client_works_through_them()
    {
        await using var broker = await MockBroker.StartAsync();
        broker.WithTopic("topic", 1);
        var passage = new Passage();
        await using var admin = new AdminClient(
            AdminClientOptions.Parse(Properties(broker, ("security.protocol", "sasl_ssl"))), broker.Environment with { Security = passage, Authenticator = passage });
        Assert.Single(await admin.ListTopicsAsync(cancellationToken: Until.TooLate));
        Assert.Equal((true, true), (passage.HasSecured, passage.HasAuthenticated));
    }

    [Fact]
    public async Task Names_without_effect_are_named_in_a_warning()
    {
        await using var broker = await MockBroker.StartAsync();
        using var warnings = new Warnings();
        var options = AdminClientOptions.Parse(Properties(broker, ("ssl.truststore.location", "/trust.jks"), ("sasl.mechanism", "PLAIN"), ("client.id", "c"), ("no.such.thing", "1")));
        await using var admin = new AdminClient(options, broker.Environment with { LoggerFactory = warnings });
        Assert.Equal(
            [
                "These configurations '[no.such.thing]' were supplied but are not used yet.",
                "These configurations '[sasl.mechanism, ssl.truststore.location]' have no effect on this client; it goes on without them.",
            ],
            warnings.Messages);
    }

    private static Dictionary<string, string> Properties(MockBroker broker, params (string Name, string Value)[] more)
    {
        var properties = new Dictionary<string, string> { ["bootstrap.servers"] = broker.BootstrapServer };
        foreach (var (name, value) in more) properties[name] = value;
        return properties;
    }

    private sealed class Passage : IConnectionSecurity, IConnectionAuthenticator
    {
        public volatile bool HasSecured;
        public volatile bool HasAuthenticated;

        public ValueTask<ITransportConnection> SecureAsync(ITransportConnection connection, Node node, CancellationToken cancellationToken)
        {
            HasSecured = true;
            return ValueTask.FromResult(connection);
        }

        public ValueTask<long?> AuthenticateAsync(RequestConnection connection, ApiVersionTable versions, Node node, CancellationToken cancellationToken)
        {
            HasAuthenticated = true;
            return new ValueTask<long?>((long?)null);
        }
    }

    private sealed class Warnings : ILoggerFactory, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel < LogLevel.Warning) return;
            lock (Messages) Messages.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
