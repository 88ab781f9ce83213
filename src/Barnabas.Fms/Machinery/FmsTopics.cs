using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Fms.Machinery;

/// <summary>The topics of the pipeline.</summary>
public static class FmsTopics
{
    /// <summary>Readings of the devices.</summary>
    public const string SensorData = "sensor-data";

    /// <summary>What the analyser says of each reading.</summary>
    public const string SensorAlerts = "sensor-alerts";

    /// <summary>What the keyword filter lets through.</summary>
    public const string CriticalAlerts = "critical-alerts";

    /// <summary>Creates topics; those that are there stay as they are.</summary>
    /// <exception cref="KafkaException">One cannot be created.</exception>
    public static async Task CreateAsync(IReadOnlyList<string> servers, IReadOnlyList<string> names, int partitions, ClientEnvironment environment, CancellationToken stop)
    {
        await using var admin = new AdminClient(new AdminClientOptions { BootstrapServers = servers }, environment);
        var outcomes = await admin.CreateTopicsAsync([.. names.Select(name => new NewTopic { Name = name, PartitionCount = partitions, ReplicationFactor = -1 })], cancellationToken: stop);
        foreach (var (name, outcome) in outcomes)
            if (outcome.Error is { } error && error.ErrorCode != ErrorCode.TopicAlreadyExists)
                throw new KafkaException(error.ErrorCode, $"topic {name} cannot be created: {error.Message}", error);
    }
}
