using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>Where a node listens.</summary>
/// <param name="Name">The listener name.</param>
/// <param name="Host">The advertised host.</param>
/// <param name="Port">The advertised port.</param>
/// <param name="SecurityProtocol">Kafka's number of the security protocol: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.</param>
public sealed record NodeEndpoint(string Name, string Host, int Port, short SecurityProtocol);

/// <summary>The levels of one feature that a node supports.</summary>
/// <param name="Min">The lowest level.</param>
/// <param name="Max">The highest level.</param>
public readonly record struct FeatureRange(short Min, short Max)
{
    /// <summary>True when the level lies within.</summary>
    public bool Contains(short level) => level >= Min && level <= Max;

    /// <inheritdoc/>
    public override string ToString() => Min == Max ? $"{Min}" : $"{Min}-{Max}";
}

/// <summary>A broker as the controller knows it. Immutable.</summary>
public sealed record BrokerRegistration
{
    /// <summary>The node id.</summary>
    public required int Id { get; init; }

    /// <summary>The broker epoch: the offset of the record that registered this incarnation.</summary>
    public required long Epoch { get; init; }

    /// <summary>Chosen by the broker process at its start.</summary>
    public required Uuid IncarnationId { get; init; }

    /// <summary>The listeners, in the order the broker named them.</summary>
    public required IReadOnlyList<NodeEndpoint> Listeners { get; init; }

    /// <summary>The feature levels the broker supports.</summary>
    public required IReadOnlyDictionary<string, FeatureRange> SupportedFeatures { get; init; }

    /// <summary>The rack, or null.</summary>
    public string? Rack { get; init; }

    /// <summary>True while clients must not be sent to the broker.</summary>
    public required bool Fenced { get; init; }

    /// <summary>True while the broker hands its leaderships over to shut down.</summary>
    public required bool InControlledShutdown { get; init; }

    /// <summary>The online log directories.</summary>
    public required IReadOnlyList<Uuid> Directories { get; init; }

    /// <summary>The directories closed to new replicas (KIP-1066); null when the broker never said.</summary>
    public IReadOnlyList<Uuid>? CordonedDirectories { get; init; }

    /// <summary>True when the directory is online, or its place not known.</summary>
    public bool HasOnlineDirectory(Uuid id) =>
        id == DirectoryId.Unassigned || id == DirectoryId.Migrating || Directories.Contains(id);

    /// <summary>The endpoint of a listener, or null.</summary>
    public NodeEndpoint? Endpoint(string listenerName) => Listeners.FirstOrDefault(l => l.Name == listenerName);

    internal static BrokerRegistration From(RegisterBrokerRecord record) => new()
    {
        Id = record.BrokerId,
        Epoch = record.BrokerEpoch,
        IncarnationId = record.IncarnationId,
        Listeners = [.. record.EndPoints.Select(e => new NodeEndpoint(e.Name, e.Host, e.Port, e.SecurityProtocol))],
        SupportedFeatures = record.Features.ToDictionary(
            f => f.Name, f => new FeatureRange(f.MinSupportedVersion, f.MaxSupportedVersion)),
        Rack = record.Rack,
        Fenced = record.Fenced,
        InControlledShutdown = record.InControlledShutdown,
        Directories = [.. record.LogDirs],
        CordonedDirectories = record.CordonedLogDirs is { } cordoned ? [.. cordoned] : null,
    };

    internal RegisterBrokerRecord ToRecord(short metadataVersion)
    {
        var record = new RegisterBrokerRecord
        {
            BrokerId = Id,
            BrokerEpoch = Epoch,
            IncarnationId = IncarnationId,
            Rack = Rack,
            Fenced = Fenced,
            InControlledShutdown = InControlledShutdown,
        };
        foreach (var listener in Listeners)
        {
            record.EndPoints.Add(new RegisterBrokerRecord.BrokerEndpoint
            {
                Name = listener.Name,
                Host = listener.Host,
                Port = (ushort)listener.Port,
                SecurityProtocol = listener.SecurityProtocol,
            });
        }
        foreach (var (name, range) in SupportedFeatures.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            record.Features.Add(new RegisterBrokerRecord.BrokerFeature
            {
                Name = name,
                MinSupportedVersion = range.Min,
                MaxSupportedVersion = range.Max,
            });
        }
        if (MetadataRules.DirectoryAssignment(metadataVersion)) record.LogDirs = [.. Directories];
        if (MetadataRules.CordonedDirectories(metadataVersion) && CordonedDirectories is { } cordoned)
        {
            record.CordonedLogDirs = [.. cordoned];
        }
        return record;
    }
}

/// <summary>A controller as it registered itself (KIP-919). Immutable.</summary>
public sealed record ControllerRegistration
{
    /// <summary>The node id.</summary>
    public required int Id { get; init; }

    /// <summary>Chosen by the controller process at its start.</summary>
    public required Uuid IncarnationId { get; init; }

    /// <summary>The controller listeners.</summary>
    public required IReadOnlyList<NodeEndpoint> Listeners { get; init; }

    /// <summary>The feature levels the controller supports.</summary>
    public required IReadOnlyDictionary<string, FeatureRange> SupportedFeatures { get; init; }

    /// <summary>Left over from ZooKeeper migrations; kept so that snapshots lose nothing.</summary>
    public bool ZkMigrationReady { get; init; }

    internal static ControllerRegistration From(RegisterControllerRecord record) => new()
    {
        Id = record.ControllerId,
        IncarnationId = record.IncarnationId,
        ZkMigrationReady = record.ZkMigrationReady,
        Listeners = [.. record.EndPoints.Select(e => new NodeEndpoint(e.Name, e.Host, e.Port, e.SecurityProtocol))],
        SupportedFeatures = record.Features.ToDictionary(
            f => f.Name, f => new FeatureRange(f.MinSupportedVersion, f.MaxSupportedVersion)),
    };

    internal RegisterControllerRecord ToRecord()
    {
        var record = new RegisterControllerRecord
        {
            ControllerId = Id,
            IncarnationId = IncarnationId,
            ZkMigrationReady = ZkMigrationReady,
        };
        foreach (var listener in Listeners)
        {
            record.EndPoints.Add(new RegisterControllerRecord.ControllerEndpoint
            {
                Name = listener.Name,
                Host = listener.Host,
                Port = (ushort)listener.Port,
                SecurityProtocol = listener.SecurityProtocol,
            });
        }
        foreach (var (name, range) in SupportedFeatures.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            record.Features.Add(new RegisterControllerRecord.ControllerFeature
            {
                Name = name,
                MinSupportedVersion = range.Min,
                MaxSupportedVersion = range.Max,
            });
        }
        return record;
    }
}
