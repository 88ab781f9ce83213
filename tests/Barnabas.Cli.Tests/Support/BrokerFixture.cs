using Barnabas.Testing;

namespace Barnabas.Cli.Tests.Support;

/// <summary>A broker that the tests of a class share; each test uses topics and groups of its own.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private TestBroker? _broker;

    public string Servers => _broker!.BootstrapServers;

    // Members hear of changes soon, rather than every five seconds.
    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync(TestBrokerOptions.Default with
    {
        Properties = new[] { "consumer", "share", "streams" }.SelectMany(kind => new[] { $"group.{kind}.min.heartbeat.interval.ms", $"group.{kind}.heartbeat.interval.ms" }).ToDictionary(name => name, _ => "100"),
    });

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
    }

    internal Task<VerbRun> RunAsync(string tool, params string[] arguments) => VerbRun.RunAsync([tool, "--bootstrap-server", Servers, .. arguments]);

    internal Task<VerbRun> RunWithAsync(string input, string tool, params string[] arguments) => VerbRun.RunWithAsync(input, [tool, "--bootstrap-server", Servers, .. arguments]);
}
