namespace Barnabas.Protocol.Acls;

/// <summary>A kind of thing that access is controlled to, with Kafka's codes.</summary>
public enum ResourceType : sbyte
{
    /// <summary>A code this version does not know.</summary>
    Unknown = 0,

    /// <summary>In a filter: every kind.</summary>
    Any = 1,

    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A group of any protocol.</summary>
    Group = 3,

    /// <summary>The cluster, whose one name is <c>kafka-cluster</c>.</summary>
    Cluster = 4,

    /// <summary>A transactional id.</summary>
    TransactionalId = 5,

    /// <summary>A delegation token, by its id.</summary>
    DelegationToken = 6,

    /// <summary>A user, as <c>User:name</c> (KIP-373).</summary>
    User = 7,
}
