using System.Globalization;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>Prints the batches and records of a segment or of a metadata snapshot.</summary>
internal sealed class LogDumper(TextWriter output, DumpLogOptions options, DumpFindings findings)
{
    public void Dump(string file)
    {
        PrintTitle(Path.GetFileName(file));
        using var log = new LogFile(file);
        long position = 0;
        long lastOffset = -1;
        while (log.TryRead(position, options.MaxBytes, out var batch))
        {
            PrintBatch(batch, position);
            if (options.PrintsRecords)
                foreach (var record in batch.Records())
                {
                    if (lastOffset != -1 && record.Offset != lastOffset + 1)
                        findings.Gap(file, lastOffset, record.Offset);
                    lastOffset = record.Offset;
                    PrintRecord(batch, record);
                }

            position += batch.SizeInBytes;
        }

        if (log.SizeInBytes > position && options.MaxBytes == int.MaxValue)
            output.WriteLine($"Found {log.SizeInBytes - position} invalid bytes at the end of {Path.GetFileName(file)}");
    }

    private void PrintTitle(string name)
    {
        if (name == "bootstrap.checkpoint")
            output.WriteLine("KRaft bootstrap snapshot");
        else if (name.EndsWith(".checkpoint", StringComparison.Ordinal) && name.Length >= 31)
            output.WriteLine($"Snapshot end offset: {long.Parse(name.AsSpan(0, 20), CultureInfo.InvariantCulture)}, epoch: {long.Parse(name.AsSpan(21, 10), CultureInfo.InvariantCulture)}");
        else
            output.WriteLine($"Log starting offset: {BaseOffset(name)}");
    }

    internal static long BaseOffset(string name) =>
        long.TryParse(name.AsSpan(0, Math.Max(0, name.IndexOf('.', StringComparison.Ordinal))), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new Framework.VerbException($"{name} is not named by the offset it begins at");

    private void PrintBatch(RecordBatch batch, long position)
    {
        var horizon = batch.DeleteHorizonMs is { } ms ? $"OptionalLong[{ms}]" : "OptionalLong.empty";
        output.WriteLine(
            $"baseOffset: {batch.BaseOffset} lastOffset: {batch.LastOffset} count: {batch.RecordCount} baseSequence: {batch.BaseSequence}"
            + $" lastSequence: {batch.LastSequence} producerId: {batch.ProducerId} producerEpoch: {batch.ProducerEpoch}"
            + $" partitionLeaderEpoch: {batch.PartitionLeaderEpoch} isTransactional: {Text(batch.IsTransactional)} isControl: {Text(batch.IsControl)}"
            + $" deleteHorizonMs: {horizon} position: {position} {batch.TimestampType}: {batch.MaxTimestamp} size: {batch.SizeInBytes}"
            + $" magic: {batch.Magic} compresscodec: {Codec(batch)} crc: {batch.Crc} isvalid: {Text(batch.IsValidCrc())}");
    }

    private void PrintRecord(RecordBatch batch, RecordView record)
    {
        var prefix = "| ";
        if (!options.SkipsRecordMetadata)
        {
            output.Write($"{prefix}offset: {record.Offset} {batch.TimestampType}: {record.Timestamp} keySize: {record.KeySizeInBytes} valueSize: {record.ValueSizeInBytes}");
            output.Write($" sequence: {record.Sequence} headerKeys: [");
            var divider = "";
            foreach (var header in record.Headers)
            {
                output.Write(divider + header.Key);
                divider = ",";
            }

            output.Write("]");
            prefix = " ";
            if (batch.IsControl)
                output.Write(ControlRecordText.Of(record));
        }

        if (options.PrintsContents && !batch.IsControl)
        {
            var (key, value) = options.Decoder.Decode(record);
            if (key is not null)
            {
                output.Write($"{prefix}key: {key}");
                prefix = " ";
            }

            if (value is not null)
                output.Write($" payload: {value}");
        }

        output.WriteLine();
    }

    private static string Text(bool flag) => flag ? "true" : "false";

    private static string Codec(RecordBatch batch) => batch.Compression.ToString().ToLowerInvariant();
}
