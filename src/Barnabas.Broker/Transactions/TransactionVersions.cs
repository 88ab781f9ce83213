using Barnabas.Broker.Cache;

namespace Barnabas.Broker.Transactions;

/// <summary>The levels of the feature transaction.version.</summary>
internal static class TransactionVersions
{
    /// <summary>The feature's name.</summary>
    public const string Feature = "transaction.version";

    /// <summary>The level before any.</summary>
    public const short None = 0;

    /// <summary>From here on each transaction has an epoch of its own, and partitions are added by writing to them (KIP-890).</summary>
    public const short EpochBump = 2;

    /// <summary>The cluster's finalized level.</summary>
    public static short Of(MetadataCache metadata) => metadata.Image.Features.Level(Feature);
}
