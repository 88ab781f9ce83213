namespace Barnabas.Client.Consumer.Sharing;

/// <summary>What became of a record (KIP-932; <see cref="Renew"/> by KIP-1222).</summary>
public enum AcknowledgeType
{
    /// <summary>It was processed.</summary>
    Accept = 1,

    /// <summary>It was not processed; it may be delivered again.</summary>
    Release = 2,

    /// <summary>It cannot be processed; it is not delivered again.</summary>
    Reject = 3,

    /// <summary>It is still being processed: its lock begins anew, and the next poll returns it again, alone with others that were renewed.</summary>
    Renew = 4,
}
