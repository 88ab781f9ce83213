using System.Collections.Immutable;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>The registered brokers and controllers. Immutable.</summary>
public sealed class ClusterImage
{
    internal ClusterImage(
        ImmutableSortedDictionary<int, BrokerRegistration> brokers,
        ImmutableSortedDictionary<int, ControllerRegistration> controllers,
        ImmutableDictionary<int, long> registrationOffsets)
    {
        Brokers = brokers;
        Controllers = controllers;
        RegistrationOffsets = registrationOffsets;
    }

    /// <summary>The image without nodes.</summary>
    public static ClusterImage Empty { get; } = new(
        ImmutableSortedDictionary<int, BrokerRegistration>.Empty,
        ImmutableSortedDictionary<int, ControllerRegistration>.Empty,
        ImmutableDictionary<int, long>.Empty);

    /// <summary>The brokers by node id.</summary>
    public ImmutableSortedDictionary<int, BrokerRegistration> Brokers { get; }

    /// <summary>The controllers by node id.</summary>
    public ImmutableSortedDictionary<int, ControllerRegistration> Controllers { get; }

    /// <summary>The offset of the last registration record of each broker that came from the log.</summary>
    internal ImmutableDictionary<int, long> RegistrationOffsets { get; }

    /// <summary>The broker, or null.</summary>
    public BrokerRegistration? Broker(int id) => Brokers.GetValueOrDefault(id);

    /// <summary>The broker when it is registered and not fenced, else null.</summary>
    public BrokerRegistration? AliveBroker(int id) => Broker(id) is { Fenced: false } broker ? broker : null;

    internal void Write(ImageWriter writer)
    {
        foreach (var broker in Brokers.Values)
        {
            writer.Write(broker.ToRecord(writer.MetadataVersion), MetadataRules.RegisterBrokerVersion(writer.MetadataVersion));
        }
        if (!MetadataRules.ControllerRegistration(writer.MetadataVersion)) return;
        foreach (var controller in Controllers.Values) writer.Write(controller.ToRecord());
    }
}

/// <summary>The changes of brokers and controllers between two images.</summary>
public sealed class ClusterDelta
{
    private readonly ClusterImage _image;
    private readonly Dictionary<int, BrokerRegistration?> _brokers = [];
    private readonly Dictionary<int, ControllerRegistration?> _controllers = [];
    private readonly Dictionary<int, long> _registrationOffsets = [];

    internal ClusterDelta(ClusterImage image) => _image = image;

    /// <summary>The brokers that changed; null for those that were unregistered.</summary>
    public IReadOnlyDictionary<int, BrokerRegistration?> ChangedBrokers => _brokers;

    /// <summary>The controllers that changed; null for those that went away.</summary>
    public IReadOnlyDictionary<int, ControllerRegistration?> ChangedControllers => _controllers;

    internal void Replay(RegisterBrokerRecord record, long offset)
    {
        _brokers[record.BrokerId] = BrokerRegistration.From(record);
        _registrationOffsets[record.BrokerId] = offset;
    }

    internal void Replay(UnregisterBrokerRecord record)
    {
        _ = Existing(record.BrokerId, record.BrokerEpoch, nameof(UnregisterBrokerRecord));
        _brokers[record.BrokerId] = null;
    }

    internal void Replay(FenceBrokerRecord record) =>
        _brokers[record.Id] = Existing(record.Id, record.Epoch, nameof(FenceBrokerRecord)) with { Fenced = true };

    internal void Replay(UnfenceBrokerRecord record) =>
        _brokers[record.Id] = Existing(record.Id, record.Epoch, nameof(UnfenceBrokerRecord)) with { Fenced = false };

    internal void Replay(BrokerRegistrationChangeRecord record)
    {
        var broker = Existing(record.BrokerId, record.BrokerEpoch, nameof(BrokerRegistrationChangeRecord));
        broker = record.Fenced switch
        {
            0 => broker,
            1 => broker with { Fenced = true },
            -1 => broker with { Fenced = false },
            _ => throw new InvalidDataException($"Unknown value {record.Fenced} for the fenced field of a broker registration change."),
        };
        broker = record.InControlledShutdown switch
        {
            0 => broker,
            1 => broker with { InControlledShutdown = true },
            _ => throw new InvalidDataException(
                $"Unknown value {record.InControlledShutdown} for the inControlledShutdown field of a broker registration change."),
        };
        if (record.LogDirs is { Count: > 0 }) broker = broker with { Directories = [.. record.LogDirs] };
        if (record.CordonedLogDirs is { } cordoned) broker = broker with { CordonedDirectories = [.. cordoned] };
        _brokers[record.BrokerId] = broker;
    }

    internal void Replay(RegisterControllerRecord record) =>
        _controllers[record.ControllerId] = ControllerRegistration.From(record);

    internal void FinishSnapshot()
    {
        foreach (var id in _image.Brokers.Keys) _brokers.TryAdd(id, null);
        foreach (var id in _image.Controllers.Keys) _controllers.TryAdd(id, null);
    }

    internal ClusterImage Apply()
    {
        var brokers = _image.Brokers.ToBuilder();
        var offsets = _image.RegistrationOffsets.ToBuilder();
        foreach (var (id, offset) in _registrationOffsets) offsets[id] = offset;
        foreach (var (id, broker) in _brokers)
        {
            if (broker is null)
            {
                brokers.Remove(id);
                offsets.Remove(id);
            }
            else
            {
                brokers[id] = broker;
            }
        }
        var controllers = _image.Controllers.ToBuilder();
        foreach (var (id, controller) in _controllers)
        {
            if (controller is null) controllers.Remove(id);
            else controllers[id] = controller;
        }
        return new ClusterImage(brokers.ToImmutable(), controllers.ToImmutable(), offsets.ToImmutable());
    }

    private BrokerRegistration Existing(int id, long epoch, string record)
    {
        var broker = _brokers.TryGetValue(id, out var changed) ? changed : _image.Broker(id);
        if (broker is null)
        {
            throw new InvalidDataException($"Unable to replay a {record} of broker {id}: no broker registration found for that id");
        }
        if (broker.Epoch != epoch)
        {
            throw new InvalidDataException(
                $"Unable to replay a {record} of broker {id}: no broker registration with epoch {epoch} found");
        }
        return broker;
    }
}
