using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>The changes of one topic between two images.</summary>
public sealed class TopicDelta
{
    private readonly Dictionary<int, PartitionRegistration> _changes = [];

    internal TopicDelta(TopicImage image) => Image = image;

    /// <summary>The topic before the change; without partitions when it is new.</summary>
    public TopicImage Image { get; }

    /// <summary>The name.</summary>
    public string Name => Image.Name;

    /// <summary>The id.</summary>
    public Uuid Id => Image.Id;

    /// <summary>The new state of the partitions that changed, new ones included.</summary>
    public IReadOnlyDictionary<int, PartitionRegistration> PartitionChanges => _changes;

    /// <summary>The state of a partition after the changes, or null.</summary>
    public PartitionRegistration? Partition(int index) => _changes.GetValueOrDefault(index) ?? Image.Partition(index);

    internal void Replay(PartitionRecord record)
    {
        if (record.PartitionId < 0)
        {
            throw new InvalidDataException($"Partition {record.PartitionId} of topic {Name} has a negative index.");
        }
        _changes[record.PartitionId] = PartitionRegistration.From(record);
    }

    internal void Replay(PartitionChangeRecord record)
    {
        var partition = Partition(record.PartitionId) ??
            throw new InvalidDataException($"Unable to find partition {record.TopicId}:{record.PartitionId} that a record changes.");
        _changes[record.PartitionId] = partition.Merge(record);
    }

    internal void ClearElr()
    {
        foreach (var (index, _) in Image.Partitions.ToArray()) Clear(index);
        foreach (var index in _changes.Keys.ToArray()) Clear(index);

        void Clear(int index)
        {
            var partition = Partition(index)!;
            if (partition.Elr.Length == 0 && partition.LastKnownElr.Length == 0) return;
            _changes[index] = new PartitionRegistration
            {
                Replicas = partition.Replicas,
                Directories = partition.Directories,
                Isr = partition.Isr,
                RemovingReplicas = partition.RemovingReplicas,
                AddingReplicas = partition.AddingReplicas,
                Leader = partition.Leader,
                LeaderRecoveryState = partition.LeaderRecoveryState,
                LeaderEpoch = partition.LeaderEpoch,
                // A ClearElrRecord is no partition change: the epochs stay.
                PartitionEpoch = partition.PartitionEpoch,
            };
        }
    }

    internal TopicImage Apply() => _changes.Count == 0 ? Image : Image.With(_changes);
}

/// <summary>The changes of topics between two images.</summary>
public sealed class TopicsDelta
{
    private readonly TopicsImage _image;
    private readonly Dictionary<Uuid, TopicDelta> _changed = [];
    private readonly Dictionary<string, Uuid> _created = new(StringComparer.Ordinal);
    private readonly Dictionary<Uuid, TopicImage> _deleted = [];

    internal TopicsDelta(TopicsImage image) => _image = image;

    /// <summary>The topics before the change.</summary>
    public TopicsImage Image => _image;

    /// <summary>The topics that are new or have changed partitions.</summary>
    public IReadOnlyDictionary<Uuid, TopicDelta> ChangedTopics => _changed;

    /// <summary>The names and ids of the topics that are new.</summary>
    public IReadOnlyDictionary<string, Uuid> CreatedTopics => _created;

    /// <summary>The topics that went away, as they were.</summary>
    public IReadOnlyDictionary<Uuid, TopicImage> DeletedTopics => _deleted;

    internal void Replay(TopicRecord record)
    {
        _changed[record.TopicId] = new TopicDelta(_image.Find(record.TopicId) ?? new TopicImage(record.Name, record.TopicId, []));
        if (_image.Find(record.TopicId) is null) _created[record.Name] = record.TopicId;
    }

    internal void Replay(PartitionRecord record) => Changed(record.TopicId).Replay(record);

    internal void Replay(PartitionChangeRecord record) => Changed(record.TopicId).Replay(record);

    /// <returns>The name of the topic that went away.</returns>
    internal string Replay(RemoveTopicRecord record)
    {
        string name;
        _changed.Remove(record.TopicId, out var delta);
        if (_image.Find(record.TopicId) is { } topic)
        {
            name = topic.Name;
            _deleted[record.TopicId] = topic;
        }
        else
        {
            name = delta?.Name ?? throw new InvalidDataException($"Can't find topic with ID {record.TopicId} to remove.");
        }
        if (_created.TryGetValue(name, out var created) && created == record.TopicId) _created.Remove(name);
        return name;
    }

    internal void Replay(ClearElrRecord record)
    {
        if (record.TopicName.Length > 0)
        {
            var id = _created.TryGetValue(record.TopicName, out var created)
                ? created
                : _image.Find(record.TopicName)?.Id ?? throw new InvalidDataException(
                    $"Unable to clear the eligible leader replicas of topic {record.TopicName}: there is no such topic.");
            Changed(id).ClearElr();
            return;
        }
        foreach (var topic in _image.ById.Values)
        {
            if (!_deleted.ContainsKey(topic.Id)) Changed(topic.Id).ClearElr();
        }
        foreach (var delta in _changed.Values) delta.ClearElr();
    }

    internal void FinishSnapshot()
    {
        foreach (var topic in _image.ById.Values)
        {
            if (!_changed.ContainsKey(topic.Id)) _deleted[topic.Id] = topic;
        }
    }

    internal TopicsImage Apply()
    {
        var byId = _image.ById.ToBuilder();
        var byName = _image.ByName.ToBuilder();
        foreach (var topic in _deleted.Values)
        {
            byId.Remove(topic.Id);
            // The name may already belong to a new topic.
            if (byName.TryGetValue(topic.Name, out var named) && named.Id == topic.Id) byName.Remove(topic.Name);
        }
        foreach (var delta in _changed.Values)
        {
            var topic = delta.Apply();
            byId[topic.Id] = topic;
            byName[topic.Name] = topic;
        }
        return new TopicsImage(byId.ToImmutable(), byName.ToImmutable());
    }

    private TopicDelta Changed(Uuid id)
    {
        if (_changed.TryGetValue(id, out var delta)) return delta;
        var topic = _deleted.ContainsKey(id) ? null : _image.Find(id);
        if (topic is null) throw new InvalidDataException($"A record names topic ID {id}, but no topic with that ID was found.");
        return _changed[id] = new TopicDelta(topic);
    }
}
