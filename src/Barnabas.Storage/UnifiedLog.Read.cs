using System.Globalization;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Indexes;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>Reads whole batches from the one that holds the offset, from memory when it is there.</summary>
    /// <param name="offset">The first offset wanted.</param>
    /// <param name="maxBytes">At most so many bytes.</param>
    /// <param name="isolation">How far the reader may see.</param>
    /// <param name="minOneMessage">Return the first batch even when it is larger than <paramref name="maxBytes"/>.</param>
    /// <param name="mayBeInFile">Large reads may be ranges of a file (<see cref="Protocol.Buffers.FileMemory"/>): for what is sent as it is.</param>
    /// <returns>What was found; empty at the end. The caller disposes it.</returns>
    /// <exception cref="KafkaException">OFFSET_OUT_OF_RANGE; CORRUPT_MESSAGE; KAFKA_STORAGE_ERROR.</exception>
    public FetchDataInfo Read(long offset, int maxBytes, FetchIsolation isolation, bool minOneMessage, bool mayBeInFile = false)
    {
        LogDirectory.EnsureOnline();
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        for (var attempt = 0; ; attempt++)
        {
            var logEndOffset = LogEndOffset;
            var logStartOffset = LogStartOffset;
            if (offset > logEndOffset)
                throw OutOfRange(offset, "segments upto", logEndOffset);
            if (offset < logStartOffset)
                throw OutOfRange(offset, "segments starting from offset", logStartOffset);
            var upper = isolation switch
            {
                FetchIsolation.LogEnd => logEndOffset,
                FetchIsolation.HighWatermark => HighWatermark,
                _ => LastStableOffset,
            };
            if (offset >= upper)
            {
                _tail.NoteReader();
                return Empty(offset, isolation);
            }

            try
            {
                var data = _tail.Read(offset, upper, maxBytes, minOneMessage) ?? ReadSegments(offset, upper, maxBytes, minOneMessage, mayBeInFile);
                if (data is null)
                    return Empty(offset, isolation);
                if (isolation == FetchIsolation.TransactionCommitted)
                    data.AbortedTransactions = AbortedTransactionsIn(offset, data.NextOffset);
                return data;
            }
            catch (Exception e) when (attempt < 3 && e is ObjectDisposedException or FileNotFoundException or InvalidDataException && !LogDirectory.IsOffline && !_isClosed)
            {
                // The segment was deleted or cut under the read: look again.
            }
            catch (InvalidDataException e)
            {
                throw new KafkaException(ErrorCode.CorruptMessage, $"Found a corrupt batch in {TopicPartition} while reading offset {offset}: {e.Message}", e);
            }
            catch (IOException e)
            {
                throw Failed("reading", e);
            }
            catch (ObjectDisposedException)
            {
                throw new KafkaStorageException($"The log {TopicPartition} in {Directory} is closed");
            }
        }
    }

    /// <summary>The aborted transactions that touch [from, to).</summary>
    public IReadOnlyList<AbortedTransaction> AbortedTransactionsIn(long from, long to)
    {
        var found = new List<AbortedTransaction>();
        var segments = Segments;
        for (var i = Math.Max(0, IndexOfFloor(segments, from)); i < segments.Length; i++)
        {
            if (segments[i].Transactions.Collect(from, to, found))
                break;
        }

        return found;
    }

    /// <summary>Where an offset's batch is, for lag in bytes; position -1 when the offset is the log's end.</summary>
    public LogOffsetMetadata OffsetMetadata(long offset)
    {
        var segments = Segments;
        var index = IndexOfFloor(segments, offset);
        if (index < 0)
            throw OutOfRange(offset, "segments starting from offset", LogStartOffset);
        for (var i = index; i < segments.Length; i++)
        {
            if (segments[i].FindBatch(offset, segments[i].Size) is { } found)
                return new LogOffsetMetadata(offset, segments[i].BaseOffset, found.Position);
        }

        return new LogOffsetMetadata(offset, segments[^1].BaseOffset, segments[^1].Size);
    }

    internal static int IndexOfFloor(LogSegment[] segments, long offset)
    {
        var low = 0;
        var high = segments.Length - 1;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            if (segments[middle].BaseOffset <= offset)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return high;
    }

    private FetchDataInfo? ReadSegments(long offset, long upper, int maxBytes, bool minOneMessage, bool mayBeInFile)
    {
        var segments = Segments;
        for (var i = Math.Max(0, IndexOfFloor(segments, offset)); i < segments.Length; i++)
        {
            if (segments[i].Read(offset, upper, maxBytes, minOneMessage, mayBeInFile) is { } read)
            {
                if (i == segments.Length - 1)
                    _tail.NoteReader(segments[i].Size - read.Position);
                var metadata = new LogOffsetMetadata(read.FirstOffset, segments[i].BaseOffset, read.Position);
                return read.File is { } file
                    ? new FetchDataInfo(metadata, read.NextOffset, file)
                    : new FetchDataInfo(metadata, read.Length == 0 ? offset : read.NextOffset, read.Buffer, read.Length, read.FirstEntryIncomplete);
            }
        }

        return null;
    }

    private KafkaException OutOfRange(long offset, string what, long bound) => new(
        ErrorCode.OffsetOutOfRange,
        string.Create(CultureInfo.InvariantCulture, $"Received request for offset {offset} for partition {TopicPartition}, but we only have log {what}: {bound}."));

    private static FetchDataInfo Empty(long offset, FetchIsolation isolation) =>
        new(new LogOffsetMetadata(offset), offset, [], 0, firstEntryIncomplete: false)
        {
            AbortedTransactions = isolation == FetchIsolation.TransactionCommitted ? [] : null,
        };
}
