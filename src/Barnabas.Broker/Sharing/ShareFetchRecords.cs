using Barnabas.Protocol.Records;

namespace Barnabas.Broker.Sharing;

/// <summary>Cuts what was read down to the batches that matter.</summary>
internal static class ShareFetchRecords
{
    /// <summary>The batches that hold any of the records from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> read, long first, long last)
    {
        var (begin, end, at) = (-1, 0, 0);
        foreach (var batch in RecordBatches.Enumerate(read))
        {
            if (batch.LastOffset >= first && batch.BaseOffset <= last)
            {
                if (begin < 0)
                    begin = at;
                end = at + batch.SizeInBytes;
            }

            at += batch.SizeInBytes;
        }

        return begin < 0 ? default : read[begin..end];
    }
}
