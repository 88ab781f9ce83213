using System.Globalization;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Prints what was read: a header, a line for each interval where details are wanted, or one for the whole.</summary>
internal sealed class ConsumerProgress(TextWriter output, JavaDateFormat dates, TimeProvider time, TimeSpan interval, bool isDetailed)
{
    private const double BytesPerMegabyte = 1024 * 1024;

    private readonly DateTimeOffset _start = time.GetUtcNow();
    private DateTimeOffset _lastReport = time.GetUtcNow();
    private long _lastRecords;
    private long _lastBytes;

    public long Records { get; set; }

    public long Bytes { get; set; }

    public static void PrintHeader(TextWriter output, bool isDetailed) => output.WriteLine(
        $"{(isDetailed ? "time, threadId" : "start.time, end.time")}, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec");

    /// <summary>Begins a new interval where the old one is over, with a line about it.</summary>
    public void Report(JoinTimes joins)
    {
        var now = time.GetUtcNow();
        var elapsed = now - _lastReport;
        if (elapsed < interval)
            return;
        if (isDetailed)
            PrintInterval(now, elapsed.TotalMilliseconds, (long)joins.SinceReport.TotalMilliseconds);
        joins.SinceReport = TimeSpan.Zero;
        (_lastReport, _lastRecords, _lastBytes) = (now, Records, Bytes);
    }

    public void PrintTotal(DateTimeOffset end, long joinMs)
    {
        if (isDetailed)
            return;
        var elapsed = (end - _start).TotalSeconds;
        var fetchMs = (long)(end - _start).TotalMilliseconds - joinMs;
        var megabytes = Bytes / BytesPerMegabyte;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{dates.Format(_start)}, {dates.Format(end)}, {megabytes:F4}, {megabytes / elapsed:F4}, {Records}, {Records / elapsed:F4}, {joinMs}, {fetchMs}, {megabytes / (fetchMs / 1000.0):F4}, {Records / (fetchMs / 1000.0):F4}"));
    }

    private void PrintInterval(DateTimeOffset now, double elapsedMs, long joinMs)
    {
        var megabytes = (Bytes - _lastBytes) / BytesPerMegabyte;
        var records = Records - _lastRecords;
        var fetchMs = (long)elapsedMs - joinMs;
        var fetchSeconds = fetchMs / 1000.0;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{dates.Format(now)}, 0, {Bytes / BytesPerMegabyte:F4}, {1000 * megabytes / elapsedMs:F4}, {Records}, {1000 * records / elapsedMs:F4}, {joinMs}, {fetchMs}, {(fetchMs <= 0 ? 0 : megabytes / fetchSeconds):F4}, {(fetchMs <= 0 ? 0 : records / fetchSeconds):F4}"));
        output.Flush();
    }
}
