using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Publishing;

/// <summary>
/// Holds back the records of a metadata transaction (KIP-868) until its end, and drops those of an aborted one.
/// Lives on one thread.
/// </summary>
internal sealed class TransactionFilter
{
    private readonly List<(IMetadataRecord Record, long Offset)> _held = [];

    /// <summary>Where the open transaction began, or null.</summary>
    internal long? OpenOffset { get; private set; }

    /// <summary>Takes records and adds those that count now.</summary>
    /// <exception cref="InvalidDataException">A transaction begins within another, or ends without having begun.</exception>
    internal void Add(VersionedRecord record, long offset, List<(IMetadataRecord Record, long Offset)> visible)
    {
        switch (record.Record)
        {
            case BeginTransactionRecord:
                if (OpenOffset is not null) throw new InvalidDataException($"A metadata transaction begins at offset {offset} inside the one of offset {OpenOffset}.");
                OpenOffset = offset;
                break;
            case EndTransactionRecord:
                End(offset);
                visible.AddRange(_held);
                _held.Clear();
                break;
            case AbortTransactionRecord:
                End(offset);
                _held.Clear();
                break;
            default:
                (OpenOffset is null ? visible : _held).Add((record.Record, offset));
                break;
        }
    }

    /// <summary>Forgets an open transaction, since a snapshot begins anew.</summary>
    internal void Clear()
    {
        OpenOffset = null;
        _held.Clear();
    }

    private void End(long offset)
    {
        if (OpenOffset is null) throw new InvalidDataException($"A metadata transaction ends at offset {offset} that never began.");
        OpenOffset = null;
    }
}
