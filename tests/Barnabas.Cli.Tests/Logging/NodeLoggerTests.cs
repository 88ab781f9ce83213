using System.Text.Json;
using Barnabas.Cli.Logging;
using Barnabas.Cli.Tests.Support;
using Barnabas.Testing;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Tests.Logging;

public sealed class NodeLoggerTests
{
    private static readonly ManualTimeProvider Time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero));

    [Fact]
    public async Task The_tool_changes_the_levels_of_a_running_node_by_Kafkas_names()
    {
        using var written = new MemoryStream();
        await using var sink = new LogSink(written, null, TimeProvider.System);
        using var loggers = new NodeLoggerFactory(new LogLevels(), new TextLayout(), sink, TimeProvider.System);
        await using var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { Loggers = loggers });
        var network = loggers.CreateLogger("Barnabas.Network");
        Assert.False(network.IsEnabled(LogLevel.Debug));

        var set = await VerbRun.RunAsync("kafka-configs", "--bootstrap-server", broker.BootstrapServers, "--alter", "--broker-logger", "1", "--add-config", "kafka.network=DEBUG");
        Assert.Equal("Completed updating config for broker-logger 1.\n", set.Out);
        Assert.True(network.IsEnabled(LogLevel.Debug));
        var shown = await VerbRun.RunAsync("kafka-configs", "--bootstrap-server", broker.BootstrapServers, "--describe", "--broker-logger", "1");
        Assert.Contains("  kafka.network=DEBUG sensitive=false synonyms={}\n", shown.Out);
        Assert.Contains("  Barnabas.Network=DEBUG ", shown.Out);
        Assert.Contains("  root=INFO ", shown.Out);

        await VerbRun.RunAsync("kafka-configs", "--bootstrap-server", broker.BootstrapServers, "--alter", "--broker-logger", "1", "--delete-config", "kafka.network");
        Assert.False(network.IsEnabled(LogLevel.Debug));
        var unknown = await VerbRun.RunAsync("kafka-configs", "--bootstrap-server", broker.BootstrapServers, "--alter", "--broker-logger", "1", "--add-config", "no.such=DEBUG");
        Assert.Contains("Invalid broker logger(s): no.such", unknown.Error);
        var level = await VerbRun.RunAsync("kafka-configs", "--bootstrap-server", broker.BootstrapServers, "--alter", "--broker-logger", "1", "--add-config", "root=LOUD");
        Assert.Contains("Cannot set the log level of root to LOUD as it is not a supported log level. Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN", level.Error);
    }

    [Fact]
    public void Text_is_laid_out_as_Kafka_does() =>
        Assert.Equal("[2026-03-04 05:06:07,089] WARN it is late (Barnabas.Test)", Line(new TextLayout()));

    [Fact]
    public void Json_has_the_message_and_its_values()
    {
        using var json = JsonDocument.Parse(Line(new JsonLayout()));
        Assert.Equal("2026-03-04T05:06:07.089Z", json.RootElement.GetProperty("time").GetString());
        Assert.Equal("WARN", json.RootElement.GetProperty("level").GetString());
        Assert.Equal("it is late", json.RootElement.GetProperty("message").GetString());
        Assert.Equal(7, json.RootElement.GetProperty("values").GetProperty("Minutes").GetInt32());
    }

    private static string Line(ILogLayout layout) => layout.Format(
        Time.GetLocalNow(), LogLevel.Warning, "Barnabas.Test", new EventId(5), "it is late",
        [new("Minutes", 7), new("{OriginalFormat}", "it is late")], null);
}
