namespace Barnabas.Client.Consumer;

/// <summary><c>group.protocol</c>: how members of a group come to their partitions.</summary>
public enum GroupProtocol
{
    /// <summary>Members join, and one of them assigns.</summary>
    Classic,

    /// <summary>The coordinator assigns, and members change over one by one (KIP-848).</summary>
    Consumer,
}
