namespace Barnabas.Client.Metadata;

/// <summary>What kinds of clients want of cluster metadata.</summary>
public sealed record ClusterMetadataOptions
{
    /// <summary>Whether asking for a topic that does not exist may create it.</summary>
    public required bool AllowAutoTopicCreation { get; init; }

    /// <summary><c>metadata.max.idle.ms</c>: a topic that was not used for this long is forgotten (KIP-526).</summary>
    public TimeSpan TopicMaxIdle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Speak to the controllers' own listeners instead of brokers (KIP-919): then there are no topics.</summary>
    public bool UseControllers { get; init; }
}
