namespace Barnabas.Client.Consumer.Sharing;

/// <summary><c>share.acquire.mode</c> (KIP-1206). The values are those of the wire.</summary>
public enum ShareAcquireMode
{
    /// <summary>Whole batches as they were produced, which may be more records than one poll returns.</summary>
    BatchOptimized = 0,

    /// <summary>No more records of a node than one poll returns.</summary>
    RecordLimit = 1,
}
