using Barnabas.Metadata.Bootstrap;
using Barnabas.Metadata.Image;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>What a controller writes when it becomes active.</summary>
internal static class ActivationRecords
{
    private const string TransactionName = "Bootstrap records";

    /// <summary>
    /// An empty log begins with the bootstrap records, in a metadata transaction where the version knows them (KIP-868)
    /// so that a crash leaves all or nothing; a transaction that an earlier controller left open is aborted.
    /// </summary>
    /// <param name="bootstrap">The bootstrap records.</param>
    /// <param name="isLogEmpty">True when no metadata record was ever written.</param>
    /// <param name="openTransactionOffset">Where an open transaction began, or null.</param>
    /// <param name="metadataVersion">The metadata.version now, 0 when none was written.</param>
    /// <param name="minIsr">min.insync.replicas of this node.</param>
    internal static IReadOnlyList<VersionedRecord> Generate(
        BootstrapMetadata bootstrap, bool isLogEmpty, long? openTransactionOffset, short metadataVersion, string minIsr)
    {
        var records = new RecordList();
        if (isLogEmpty)
        {
            var transactions = MetadataRules.Transactions(bootstrap.MetadataVersion);
            if (openTransactionOffset is not null)
            {
                if (!transactions)
                {
                    throw new InvalidDataException(
                        $"Detected partial bootstrap records transaction at {openTransactionOffset}, but the metadata.version " +
                        $"{bootstrap.MetadataVersion} does not support transactions. Cannot continue.");
                }
                records.Add(new AbortTransactionRecord { Reason = "Controller failover" });
            }
            if (transactions) records.Add(new BeginTransactionRecord { Name = TransactionName });
            records.AddRange(bootstrap.Records);
            if (bootstrap.FeatureLevel(FeatureControlManager.ElrVersion) > 0)
            {
                records.Add(new ConfigRecord
                {
                    ResourceType = (sbyte)ConfigResourceType.Broker,
                    ResourceName = "",
                    Name = "min.insync.replicas",
                    Value = minIsr,
                });
            }
            if (transactions) records.Add(new EndTransactionRecord());
        }
        else if (openTransactionOffset is not null)
        {
            if (!MetadataRules.Transactions(metadataVersion))
            {
                throw new InvalidDataException(
                    $"Detected in-progress transaction at offset {openTransactionOffset}, but the metadata.version " +
                    $"{metadataVersion} does not support transactions. Cannot continue.");
            }
            records.Add(new AbortTransactionRecord { Reason = "Controller failover" });
        }
        return records.Records;
    }
}
