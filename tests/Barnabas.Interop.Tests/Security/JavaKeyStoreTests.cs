using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests.Security;

/// <summary>
/// Key stores in the format of Java's own, made by its keytool as the tutorials of Apache Kafka 3 and before say: a broker serves TLS from one,
/// and Java clients and our tools believe it, and show who they are, by others.
/// </summary>
public sealed class JavaKeyStoreTests
{
    [Fact]
    public async Task A_broker_with_JKS_stores_serves_Java_clients_and_our_tools_with_JKS_stores()
    {
        var kafka = Distribution.ApacheKafka();
        using var folder = new DataFolder();
        var stores = await JavaKeyStores.MakeAsync(folder.Path);
        var port = FreePorts.Next();
        var listeners = $"PLAINTEXT://localhost:{folder.Port},CONTROLLER://localhost:{folder.Port + 1},SSL://localhost:{port}";
        File.AppendAllLines(folder.Properties, [
            $"listeners={listeners}", $"advertised.listeners={listeners}",
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL",
            "ssl.client.auth=required",
            .. stores.Identity("server"), .. stores.Trust()]);
        await using var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        var client = Path.Combine(folder.Path, "client.properties");
        File.WriteAllLines(client, ["security.protocol=SSL", .. stores.Identity("client"), .. stores.Trust()]);
        var stranger = Path.Combine(folder.Path, "stranger.properties");
        File.WriteAllLines(stranger, ["security.protocol=SSL", "default.api.timeout.ms=5000", "request.timeout.ms=4000", .. stores.Identity("client")]);
        string[] address = ["--bootstrap-server", $"localhost:{port}"];

        foreach (var tools in (Distribution[])[kafka, Distribution.Barnabas])
        {
            var topic = tools == kafka ? "java" : "ours";
            (await tools.RunAsync("kafka-topics", [.. address, "--command-config", client, "--create", "--topic", topic])).EnsureSuccess();
            (await Command.RunAsync(tools.Tool("kafka-console-producer"), [.. address, "--command-config", client, "--topic", topic], $"through JKS by {topic}\n")).EnsureSuccess();
            var read = (await tools.RunAsync("kafka-console-consumer", [.. address, "--command-config", client, "--topic", topic, "--from-beginning", "--max-messages", "1"])).EnsureSuccess();
            Assert.Contains($"through JKS by {topic}", read.Lines);
            // Who does not trust the authority does not go on: it is none that the system knows.
            Assert.NotEqual(0, (await tools.RunAsync("kafka-topics", [.. address, "--command-config", stranger, "--list"])).ExitCode);
        }
    }
}
