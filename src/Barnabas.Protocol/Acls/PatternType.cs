namespace Barnabas.Protocol.Acls;

/// <summary>How a resource name in an entry or a filter is meant, with Kafka's codes (KIP-290).</summary>
public enum PatternType : sbyte
{
    /// <summary>A code this version does not know.</summary>
    Unknown = 0,

    /// <summary>In a filter: entries of either kind by the name they have.</summary>
    Any = 1,

    /// <summary>In a filter: entries that would apply to a resource of that name.</summary>
    Match = 2,

    /// <summary>The name itself; <c>*</c> stands for every name.</summary>
    Literal = 3,

    /// <summary>Every name that begins so.</summary>
    Prefixed = 4,
}
