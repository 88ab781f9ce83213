using Barnabas.Protocol;

namespace Barnabas.Metadata.Image;

/// <summary>One topic and its partitions. Immutable.</summary>
public sealed class TopicImage
{
    private readonly PartitionRegistration?[] _partitions;

    internal TopicImage(string name, Uuid id, PartitionRegistration?[] partitions)
    {
        Name = name;
        Id = id;
        _partitions = partitions;
        foreach (var partition in partitions)
        {
            if (partition is not null) PartitionCount++;
        }
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The id, unique over all topics that ever had the name.</summary>
    public Uuid Id { get; }

    /// <summary>How many partitions there are.</summary>
    public int PartitionCount { get; }

    /// <summary>The partitions in ascending order of their index.</summary>
    public IEnumerable<KeyValuePair<int, PartitionRegistration>> Partitions
    {
        get
        {
            for (var i = 0; i < _partitions.Length; i++)
            {
                if (_partitions[i] is { } partition) yield return new(i, partition);
            }
        }
    }

    /// <summary>The partition of that index, or null when there is none.</summary>
    public PartitionRegistration? Partition(int index) =>
        (uint)index < (uint)_partitions.Length ? _partitions[index] : null;

    internal TopicImage With(Dictionary<int, PartitionRegistration> changes)
    {
        var length = _partitions.Length;
        foreach (var index in changes.Keys) length = Math.Max(length, index + 1);
        var partitions = new PartitionRegistration?[length];
        _partitions.CopyTo(partitions, 0);
        foreach (var (index, partition) in changes) partitions[index] = partition;
        return new TopicImage(Name, Id, partitions);
    }
}
