using Barnabas.Cli.Framework;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>Prints a time index and holds it against its log.</summary>
internal sealed class TimeIndexDumper(TextWriter output, DumpLogOptions options, DumpFindings findings)
{
    public void Dump(string file)
    {
        var times = new IndexFileReader(file, 12);
        if (options.ChecksIndexSanityOnly)
        {
            CheckSanity(times, file);
            output.WriteLine($"{file} passed sanity check.");
            return;
        }

        using var log = new LogFile(times.Sibling(".log"));
        var offsets = new IndexFileReader(times.Sibling(".index"), 8);
        long previous = -1;
        for (var entry = 0; entry < times.Count; entry++)
        {
            var (timestamp, offset) = (times.Timestamp(entry), times.Offset(entry));
            // Index files are written ahead in zeros: the first such entry ends them.
            if (offset == times.BaseOffset && entry > 0)
                return;
            Compare(log, offsets.Lookup(offset), file, timestamp, offset, previous);
            if (!options.VerifiesIndexOnly)
                output.WriteLine($"timestamp: {timestamp} offset: {offset}");
            previous = timestamp;
        }
    }

    private void Compare(LogFile log, long position, string file, long timestamp, long offset, long previous)
    {
        while (log.TryRead(position, long.MaxValue, out var batch))
        {
            if (batch.LastOffset < offset)
            {
                position += batch.SizeInBytes;
                continue;
            }

            if (batch.LastOffset != offset)
            {
                findings.OffsetNotFound(file, offset, batch.LastOffset);
                return;
            }

            var highest = HighestTimestamp(batch);
            if (highest != timestamp)
                findings.TimestampMismatch(file, timestamp, highest);
            if (previous >= timestamp)
                findings.TimestampOutOfOrder(file, timestamp, previous);
            return;
        }

        findings.OffsetNotFound(file, offset, -1);
    }

    private static long HighestTimestamp(RecordBatch batch)
    {
        long highest = -1;
        foreach (var record in batch.Records())
            highest = Math.Max(highest, record.Timestamp);
        return highest;
    }

    private static void CheckSanity(IndexFileReader times, string file)
    {
        times.CheckSize();
        if (times.Count == 0)
            return;
        var last = times.Count - 1;
        if (times.Timestamp(last) < times.Timestamp(0))
            throw new VerbException($"Corrupt time index found, time index file ({Path.GetFullPath(file)}) has non-zero size but the last timestamp is {times.Timestamp(last)} which is less than the first timestamp {times.Timestamp(0)}");
        if (times.Offset(last) < times.BaseOffset)
            throw new VerbException($"Corrupt time index found, time index file ({Path.GetFullPath(file)}) has non-zero size but the last offset is {times.Offset(last)} which is less than the first offset {times.BaseOffset}");
    }
}
