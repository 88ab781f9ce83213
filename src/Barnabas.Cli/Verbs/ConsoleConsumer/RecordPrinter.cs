using System.Buffers;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;
using Barnabas.Client.Consumer;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.ConsoleConsumer;

/// <summary>Prints the records of batches to the standard output, up to a number of them.</summary>
/// <param name="context">The world.</param>
/// <param name="formatter">How records look.</param>
/// <param name="logger">Told of records that cannot be printed.</param>
/// <param name="most">How many records are printed; null for all.</param>
/// <param name="skipsErrors">Whether records that cannot be printed are left out.</param>
internal sealed class RecordPrinter(VerbContext context, IMessageFormatter formatter, ILogger logger, int? most, bool skipsErrors)
{
    private const int FlushBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushBytes);
    private bool _isClosed;

    /// <summary>How many records there were.</summary>
    public int Count { get; private set; }

    /// <summary>True when enough was printed, or nobody reads any more.</summary>
    public bool IsDone => _isClosed || (most >= 0 && Count >= most);

    /// <summary>After the last record: the first one that was not printed; null before.</summary>
    public (TopicPartition Partition, long Offset)? StoppedAt { get; private set; }

    /// <exception cref="VerbException">A record cannot be printed, and errors are not skipped.</exception>
    public void Print(FetchedBatches batches)
    {
        try
        {
            foreach (var batch in batches)
                foreach (var record in batch.Records())
                {
                    if (record.Offset < batches.FirstOffset)
                        continue;
                    Count++;
                    try
                    {
                        formatter.Write(new PrintableRecord(batches.TopicPartition, batch.TimestampType, record), _buffer);
                    }
                    catch (Exception error) when (error is not OutOfMemoryException)
                    {
                        // Deserializers meet whatever bytes a producer sent.
                        if (!skipsErrors)
                            throw new VerbException($"Error processing message of {batches.TopicPartition} at offset {record.Offset}: {error.Message}");
                        ToolLog.Skipping(logger, error.Message);
                    }

                    if (_buffer.WrittenCount >= FlushBytes)
                        Flush();
                    if (!IsDone)
                        continue;
                    StoppedAt = (batches.TopicPartition, record.Offset + 1);
                    return;
                }
        }
        finally
        {
            Flush();
        }
    }

    /// <summary>Prints one record, which is seen when it is flushed. Whatever the formatter throws comes out.</summary>
    public void Print(in PrintableRecord record)
    {
        Count++;
        formatter.Write(record, _buffer);
        if (_buffer.WrittenCount >= FlushBytes)
            Flush();
    }

    public void Flush()
    {
        if (_buffer.WrittenCount == 0 || _isClosed)
            return;
        try
        {
            context.OutputStream.Write(_buffer.WrittenSpan);
            context.OutputStream.Flush();
        }
        catch (IOException)
        {
            context.Error.WriteLine("Unable to write to standard out, closing consumer.");
            _isClosed = true;
        }

        _buffer.ResetWrittenCount();
    }
}
