namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>What is wrong with files: gathered while they are shown, told at the end.</summary>
internal sealed class DumpFindings
{
    private readonly Dictionary<string, List<(long First, long Second)>> _indexMismatches = [];
    private readonly Dictionary<string, List<(long First, long Second)>> _timestampMismatches = [];
    private readonly Dictionary<string, List<(long First, long Second)>> _timestampsOutOfOrder = [];
    private readonly Dictionary<string, List<(long First, long Second)>> _offsetsNotFound = [];
    private readonly Dictionary<string, List<(long First, long Second)>> _gaps = [];

    public void IndexMismatch(string file, long indexOffset, long logOffset) => Add(_indexMismatches, file, indexOffset, logOffset);

    public void TimestampMismatch(string file, long indexTimestamp, long logTimestamp) => Add(_timestampMismatches, file, indexTimestamp, logTimestamp);

    public void TimestampOutOfOrder(string file, long timestamp, long previous) => Add(_timestampsOutOfOrder, file, timestamp, previous);

    public void OffsetNotFound(string file, long indexOffset, long logOffset) => Add(_offsetsNotFound, file, indexOffset, logOffset);

    public void Gap(string file, long first, long second) => Add(_gaps, file, first, second);

    public void Print(TextWriter error)
    {
        Print(error, _indexMismatches, "Mismatches in :{0}", "  Index offset: {0}, log offset: {1}", newestFirst: true);
        Print(error, _timestampMismatches, "Found timestamp mismatch in :{0}", "  Index timestamp: {0}, log timestamp: {1}");
        Print(error, _timestampsOutOfOrder, "Found out of order timestamp in :{0}", "  Index timestamp: {0}, Previously indexed timestamp: {1}");
        Print(error, _offsetsNotFound, "The following indexed offsets are not found in the log.", "Indexed offset: {0}, found log offset: {1}");
        Print(error, _gaps, "Non-consecutive offsets in {0}", "  {0} is followed by {1}", newestFirst: true);
    }

    private static void Add(Dictionary<string, List<(long, long)>> findings, string file, long first, long second)
    {
        var path = Path.GetFullPath(file);
        if (!findings.TryGetValue(path, out var pairs))
            findings[path] = pairs = [];
        pairs.Add((first, second));
    }

    private static void Print(TextWriter error, Dictionary<string, List<(long First, long Second)>> findings, string title, string line, bool newestFirst = false)
    {
        foreach (var (file, pairs) in findings)
        {
            error.WriteLine(title.Replace("{0}", file, StringComparison.Ordinal));
            foreach (var (first, second) in newestFirst ? pairs.AsEnumerable().Reverse() : pairs)
                error.WriteLine(line.Replace("{0}", first.ToString(null, null), StringComparison.Ordinal).Replace("{1}", second.ToString(null, null), StringComparison.Ordinal));
        }
    }
}
