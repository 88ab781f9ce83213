using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Metadata.Controller;

/// <summary>Collects the records of one operation of a user, which must fit into one batch.</summary>
internal sealed class RecordList
{
    /// <summary>The most records that one operation may write.</summary>
    internal const int MaxRecords = 10_000;

    private readonly List<VersionedRecord> _records = [];

    internal IReadOnlyList<VersionedRecord> Records => _records;

    internal int Count => _records.Count;

    /// <exception cref="KafkaException">There are too many records (POLICY_VIOLATION).</exception>
    internal void Add(IMetadataRecord record, short version = 0)
    {
        if (_records.Count >= MaxRecords)
        {
            throw new KafkaException(ErrorCode.PolicyViolation, "Unable to perform excessively large batch operation.");
        }
        _records.Add(new VersionedRecord(record, version));
    }

    internal void AddRange(IReadOnlyList<VersionedRecord> records)
    {
        foreach (var record in records) Add(record.Record, record.Version);
    }

    /// <summary>Drops what was added after there were that many records.</summary>
    internal void CutTo(int count) => _records.RemoveRange(count, _records.Count - count);
}
