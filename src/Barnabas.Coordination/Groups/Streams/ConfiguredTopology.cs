using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>A topology against the topics there are: how many tasks each subtopology has, and what is missing.</summary>
internal sealed record ConfiguredTopology
{
    /// <summary>The epoch of the topology.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of tasks of each subtopology; null where the topics do not fit.</summary>
    public IReadOnlyDictionary<string, int>? TaskCounts { get; init; }

    /// <summary>The partitions of each internal topic.</summary>
    public IReadOnlyDictionary<string, int> InternalTopicPartitions { get; init; } = new Dictionary<string, int>();

    /// <summary>Internal topics that are to be created.</summary>
    public IReadOnlyList<CreateTopicsRequest.CreatableTopic> MissingTopics { get; init; } = [];

    /// <summary>Why tasks cannot be assigned; null where they can.</summary>
    public (StreamsStatus Status, string Detail)? Problem { get; init; }

    /// <summary>Whether tasks can be assigned.</summary>
    public bool IsReady => Problem is null && TaskCounts is not null;
}
