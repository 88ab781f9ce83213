namespace Barnabas.Protocol.Acls;

/// <summary>What is done to a resource, with Kafka's codes.</summary>
public enum AclOperation : sbyte
{
    /// <summary>A code this version does not know.</summary>
    Unknown = 0,

    /// <summary>In a filter: every operation.</summary>
    Any = 1,

    /// <summary>In an entry: every operation.</summary>
    All = 2,

    /// <summary>READ.</summary>
    Read = 3,

    /// <summary>WRITE.</summary>
    Write = 4,

    /// <summary>CREATE.</summary>
    Create = 5,

    /// <summary>DELETE.</summary>
    Delete = 6,

    /// <summary>ALTER.</summary>
    Alter = 7,

    /// <summary>DESCRIBE; implied by READ, WRITE, DELETE and ALTER where those are allowed.</summary>
    Describe = 8,

    /// <summary>CLUSTER_ACTION: what nodes of a cluster do among themselves.</summary>
    ClusterAction = 9,

    /// <summary>DESCRIBE_CONFIGS; implied by ALTER_CONFIGS where that is allowed.</summary>
    DescribeConfigs = 10,

    /// <summary>ALTER_CONFIGS.</summary>
    AlterConfigs = 11,

    /// <summary>IDEMPOTENT_WRITE.</summary>
    IdempotentWrite = 12,

    /// <summary>CREATE_TOKENS (KIP-373).</summary>
    CreateTokens = 13,

    /// <summary>DESCRIBE_TOKENS (KIP-373).</summary>
    DescribeTokens = 14,

    /// <summary>TWO_PHASE_COMMIT (KIP-939).</summary>
    TwoPhaseCommit = 15,
}
