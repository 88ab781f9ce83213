using Barnabas.Metadata.Image;
using Barnabas.Metadata.Placement;
using Barnabas.Protocol;
using Barnabas.Protocol.Features;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Registration of brokers and controllers.</summary>
internal sealed class ClusterControlManager(ControllerState state, BrokerHeartbeatManager heartbeats)
{
    internal BrokerHeartbeatManager Heartbeats => heartbeats;

    /// <summary>Begins with every known broker as if it had just been heard of.</summary>
    internal void Activate()
    {
        heartbeats.Clear();
        foreach (var broker in state.Image.Cluster.Brokers.Values) heartbeats.Register(broker.Id, broker.Fenced);
    }

    /// <summary>Follows registrations that were replayed while active.</summary>
    internal void Replayed(ClusterDelta delta)
    {
        foreach (var (id, broker) in delta.ChangedBrokers)
        {
            if (broker is null) heartbeats.Remove(id);
            else heartbeats.Register(id, broker.Fenced);
        }
    }

    /// <exception cref="KafkaException">The broker is not registered with that epoch (STALE_BROKER_EPOCH).</exception>
    internal void CheckBrokerEpoch(int brokerId, long brokerEpoch)
    {
        var broker = state.Image.Cluster.Broker(brokerId) ??
            throw new KafkaException(ErrorCode.StaleBrokerEpoch, $"No broker registration found for broker id {brokerId}");
        if (broker.Epoch != brokerEpoch)
        {
            throw new KafkaException(
                ErrorCode.StaleBrokerEpoch, $"Expected broker epoch {broker.Epoch}, but got broker epoch {brokerEpoch}");
        }
    }

    /// <param name="request">The request.</param>
    /// <param name="newBrokerEpoch">The epoch a new incarnation gets: the offset that its record will have at least.</param>
    /// <param name="incarnationEnded">Adds the records that follow from the end of an earlier incarnation, clean or not.</param>
    internal ControllerResult<BrokerRegistrationResponse> RegisterBroker(
        BrokerRegistrationRequest request, long newBrokerEpoch, Action<int, bool, RecordList> incarnationEnded)
    {
        if (request.ClusterId != state.Options.ClusterId)
        {
            throw new KafkaException(
                ErrorCode.InconsistentClusterId, $"Expected cluster ID {state.Options.ClusterId}, but got cluster ID {request.ClusterId}");
        }
        var existing = state.Image.Cluster.Broker(request.BrokerId);
        var sameIncarnation = existing?.IncarnationId == request.IncarnationId;
        // The broker of this very node holds the lock of its directories: an earlier incarnation is gone for certain.
        if (existing is not null && !sameIncarnation && !existing.InControlledShutdown &&
            request.BrokerId != state.Options.NodeId && heartbeats.HasValidSession(request.BrokerId))
        {
            throw new KafkaException(
                ErrorCode.DuplicateBrokerRegistration,
                "Another broker is registered with that broker id. If the broker was recently restarted this should " +
                "self-resolve once the heartbeat manager expires the broker's session.");
        }
        if (request.IsMigratingZkBroker)
        {
            throw new KafkaException(ErrorCode.BrokerIdNotRegistered, "Controller does not support registering ZK brokers.");
        }
        if (MetadataRules.DirectoryAssignment(state.MetadataVersion)) CheckDirectories(request);

        var records = new RecordList();
        var record = new RegisterBrokerRecord
        {
            BrokerId = request.BrokerId,
            IncarnationId = request.IncarnationId,
            Rack = request.Rack,
            BrokerEpoch = newBrokerEpoch,
            Fenced = true,
        };
        foreach (var listener in request.Listeners)
        {
            record.EndPoints.Add(new RegisterBrokerRecord.BrokerEndpoint
            {
                Name = listener.Name,
                Host = listener.Host,
                Port = listener.Port,
                SecurityProtocol = listener.SecurityProtocol,
            });
        }
        CheckFeatures(request, record);
        if (MetadataRules.DirectoryAssignment(state.MetadataVersion)) record.LogDirs = [.. request.LogDirs];
        if (sameIncarnation)
        {
            record.Fenced = existing!.Fenced;
            record.InControlledShutdown = existing.InControlledShutdown;
            record.BrokerEpoch = existing.Epoch;
        }
        else
        {
            // A broker that stopped cleanly has written down the epoch it had.
            incarnationEnded(request.BrokerId, existing is not null && existing.Epoch == request.PreviousBrokerEpoch, records);
        }
        records.Add(record, MetadataRules.RegisterBrokerVersion(state.MetadataVersion));
        if (!sameIncarnation) heartbeats.Remove(request.BrokerId);
        return ControllerResult.Of(records.Records, new BrokerRegistrationResponse { BrokerEpoch = record.BrokerEpoch });
    }

    internal ControllerResult<ControllerRegistrationResponse> RegisterController(ControllerRegistrationRequest request)
    {
        if (!MetadataRules.ControllerRegistration(state.MetadataVersion))
        {
            throw new KafkaException(
                ErrorCode.UnsupportedVersion, "The current MetadataVersion is too old to support controller registrations.");
        }
        var record = new RegisterControllerRecord
        {
            ControllerId = request.ControllerId,
            IncarnationId = request.IncarnationId,
            ZkMigrationReady = false,
        };
        foreach (var listener in request.Listeners)
        {
            record.EndPoints.Add(new RegisterControllerRecord.ControllerEndpoint
            {
                Name = listener.Name,
                Host = listener.Host,
                Port = listener.Port,
                SecurityProtocol = listener.SecurityProtocol,
            });
        }
        foreach (var feature in request.Features)
        {
            record.Features.Add(new RegisterControllerRecord.ControllerFeature
            {
                Name = feature.Name,
                MinSupportedVersion = feature.MinSupportedVersion,
                MaxSupportedVersion = feature.MaxSupportedVersion,
            });
        }
        var records = new RecordList();
        records.Add(record);
        return ControllerResult.Of(records.Records, new ControllerRegistrationResponse());
    }

    /// <summary>The brokers that new replicas may go to.</summary>
    internal IEnumerable<UsableBroker> UsableBrokers()
    {
        foreach (var broker in state.Image.Cluster.Brokers.Values)
        {
            if (broker.InControlledShutdown) continue;
            if (broker.CordonedDirectories is { Count: > 0 } cordoned && broker.Directories.All(cordoned.Contains)) continue;
            yield return new UsableBroker(broker.Id, broker.Rack, broker.Fenced);
        }
    }

    private void CheckDirectories(BrokerRegistrationRequest request)
    {
        if (request.LogDirs.Count == 0) throw Invalid("No directories specified in request");
        if (request.LogDirs.Any(DirectoryId.IsReserved)) throw Invalid("Reserved directory ID in request");
        if (request.LogDirs.Distinct().Count() != request.LogDirs.Count) throw Invalid("Duplicate directory ID in request");
        foreach (var other in state.Image.Cluster.Brokers.Values)
        {
            if (other.Id == request.BrokerId) continue;
            foreach (var directory in request.LogDirs)
            {
                if (other.Directories.Contains(directory)) throw Invalid($"Broker {other.Id} is already registered with directory {directory}");
            }
        }

        static KafkaException Invalid(string message) => new(ErrorCode.InvalidRegistration, message);
    }

    private void CheckFeatures(BrokerRegistrationRequest request, RegisterBrokerRecord record)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var feature in request.Features)
        {
            named.Add(feature.Name);
            CheckFeature(feature.Name, feature.MinSupportedVersion, feature.MaxSupportedVersion);
            record.Features.Add(new RegisterBrokerRecord.BrokerFeature
            {
                Name = feature.Name,
                MinSupportedVersion = feature.MinSupportedVersion,
                MaxSupportedVersion = feature.MaxSupportedVersion,
            });
        }
        if (!named.Contains(MetadataVersion.FeatureName))
        {
            throw new KafkaException(ErrorCode.InvalidRegistration, "Request features do not contain 'metadata.version'");
        }
        foreach (var feature in state.Image.Features.Finalized.Keys)
        {
            if (!named.Contains(feature)) CheckFeature(feature, 0, 0);
        }
    }

    private void CheckFeature(string name, short min, short max)
    {
        var finalized = state.Image.Features.Level(name);
        if (finalized >= min && finalized <= max) return;
        throw new KafkaException(
            ErrorCode.UnsupportedVersion,
            $"Unable to register because the broker does not support finalized version {finalized} of {name}. " +
            $"The broker wants a version between {min} and {max}, inclusive.");
    }
}
