using System.Text;

namespace Barnabas.Protocol.Records;

/// <summary>How many bytes records take in a batch, not compressed.</summary>
public static class RecordSizes
{
    // Length, attributes, timestamp delta and offset delta at their largest.
    private const int MostOverheadBytes = Varint.MostBytesOfInt32 + 1 + Varint.MostBytesOfInt64 + Varint.MostBytesOfInt32;

    /// <summary>
    /// The most bytes a batch of this one record takes, as Kafka's producer reckons it against <c>max.request.size</c>
    /// and <c>batch.size</c>. Lengths are -1 for null.
    /// </summary>
    public static int EstimateBatchSizeUpperBound(int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers) =>
        RecordBatchLayout.HeaderBytes + RecordSizeUpperBound(keyBytes, valueBytes, headers);

    /// <summary>The most bytes this record takes in any batch.</summary>
    public static int RecordSizeUpperBound(int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers) =>
        checked(MostOverheadBytes + SizeOfParts(keyBytes, valueBytes, headers));

    /// <summary>The bytes this record takes, with its length field.</summary>
    public static int RecordSize(int offsetDelta, long timestampDelta, int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers)
    {
        var body = BodySize(offsetDelta, timestampDelta, keyBytes, valueBytes, headers);
        return checked(body + Varint.SizeOf(body));
    }

    internal static int BodySize(int offsetDelta, long timestampDelta, int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers) =>
        checked(1 + Varint.SizeOf(timestampDelta) + Varint.SizeOf(offsetDelta) + SizeOfParts(keyBytes, valueBytes, headers));

    private static int SizeOfParts(int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers)
    {
        var size = checked(SizeOfField(keyBytes) + SizeOfField(valueBytes));
        if (headers is null)
            return size + 1;
        size += Varint.SizeOf(headers.Count);
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            size = checked(size + SizeOfField(Encoding.UTF8.GetByteCount(header.Key)) + SizeOfField(header.Value?.Length ?? -1));
        }
        return size;
    }

    private static int SizeOfField(int bytes) => bytes < 0 ? 1 : checked(Varint.SizeOf(bytes) + bytes);
}
