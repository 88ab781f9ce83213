namespace Barnabas.Protocol.Acls;

/// <summary>Which operations there are on which resources, and as a set of bits on the wire (KIP-430).</summary>
public static class AclOperations
{
    private static readonly AclOperation[] Topic =
        [AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Describe, AclOperation.Delete, AclOperation.Alter, AclOperation.DescribeConfigs, AclOperation.AlterConfigs];

    private static readonly AclOperation[] Group =
        [AclOperation.Read, AclOperation.Describe, AclOperation.Delete, AclOperation.DescribeConfigs, AclOperation.AlterConfigs];

    private static readonly AclOperation[] Cluster =
        [AclOperation.Create, AclOperation.ClusterAction, AclOperation.DescribeConfigs, AclOperation.AlterConfigs, AclOperation.IdempotentWrite, AclOperation.Alter, AclOperation.Describe];

    private static readonly AclOperation[] TransactionalId = [AclOperation.Describe, AclOperation.Write, AclOperation.TwoPhaseCommit];

    private static readonly AclOperation[] DelegationToken = [AclOperation.Describe];

    private static readonly AclOperation[] User = [AclOperation.CreateTokens, AclOperation.DescribeTokens];

    /// <summary>The operations of a kind of resource.</summary>
    public static IReadOnlyList<AclOperation> Of(ResourceType type) => type switch
    {
        ResourceType.Topic => Topic,
        ResourceType.Group => Group,
        ResourceType.Cluster => Cluster,
        ResourceType.TransactionalId => TransactionalId,
        ResourceType.DelegationToken => DelegationToken,
        ResourceType.User => User,
        _ => [],
    };

    /// <summary>The bit of an operation in the authorized operations of a response.</summary>
    public static int Bit(AclOperation operation) => 1 << (int)operation;
}
