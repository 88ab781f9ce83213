using System.Globalization;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Prints what share consumers read: a line for each interval, for each consumer, and for the whole. Lines may come from several threads.</summary>
internal sealed class ShareConsumerProgress(TextWriter output, JavaDateFormat dates, TimeProvider time)
{
    private const double BytesPerMegabyte = 1024 * 1024;

    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly Lock _gate = new();

    public static void PrintHeader(TextWriter output) => output.WriteLine("start.time, end.time, data.consumed.in.MB, MB.sec, nMsg.sec, data.consumed.in.nMsg, fetch.time.ms");

    /// <summary>A line on an interval of one consumer: what it read in all, and how fast in the interval.</summary>
    public void PrintInterval(DateTimeOffset from, DateTimeOffset to, int consumer, long records, long bytes, long newRecords, long newBytes)
    {
        var seconds = (to - from).TotalSeconds;
        Write($"{Line(from, to, bytes, newBytes / BytesPerMegabyte / seconds, newRecords / seconds, records)} for share consumer {consumer}");
    }

    public void PrintConsumer(int consumer, string clientId, long records, long bytes) =>
        Write($"Share consumer {consumer} having client id {clientId} consumption metrics- {Total(records, bytes)}");

    public void PrintTotal(long records, long bytes) => Write(Total(records, bytes));

    private string Total(long records, long bytes)
    {
        var end = time.GetUtcNow();
        var seconds = (end - _start).TotalSeconds;
        return Line(_start, end, bytes, bytes / BytesPerMegabyte / seconds, records / seconds, records);
    }

    private string Line(DateTimeOffset from, DateTimeOffset to, long bytes, double megabytesPerSecond, double recordsPerSecond, long records) => string.Create(
        CultureInfo.InvariantCulture,
        $"{dates.Format(from)}, {dates.Format(to)}, {bytes / BytesPerMegabyte:F4}, {megabytesPerSecond:F4}, {recordsPerSecond:F4}, {records}, {(long)(to - from).TotalMilliseconds}");

    private void Write(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
