using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests;

/// <summary>A temporary folder with server.properties, the node's log directory and its console output. Deleted when disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder(params string[] settings)
    {
        Path = Directory.CreateTempSubdirectory("barnabas-interop-").FullName;
        Port = FreePorts.Next();
        var controller = Port + 1;
        File.WriteAllLines(Properties, [
            "process.roles=broker,controller",
            "node.id=1",
            $"controller.quorum.bootstrap.servers=localhost:{controller}",
            $"listeners=PLAINTEXT://localhost:{Port},CONTROLLER://localhost:{controller}",
            $"advertised.listeners=PLAINTEXT://localhost:{Port},CONTROLLER://localhost:{controller}",
            "controller.listener.names=CONTROLLER",
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            $"log.dirs={LogDirectory}",
            "offsets.topic.replication.factor=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "share.coordinator.state.topic.replication.factor=1",
            "share.coordinator.state.topic.min.isr=1",
            // As in the files that Apache Kafka comes with: nobody waits for members that are not to come.
            "group.initial.rebalance.delay.ms=0",
            .. settings]);
    }

    public string Path { get; }

    public int Port { get; }

    public string Properties => System.IO.Path.Combine(Path, "server.properties");

    public string Log => System.IO.Path.Combine(Path, "console.log");

    public string LogDirectory => System.IO.Path.Combine(Path, "data");

    public bool IsFormatted => File.Exists(System.IO.Path.Combine(LogDirectory, "meta.properties"));

    public string LogTail() => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(20)) : "(no output)";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
