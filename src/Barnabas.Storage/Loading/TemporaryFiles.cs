using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Loading;

/// <summary>Tidies a partition's folder before its segments are opened: what a crash or an interrupted compaction left.</summary>
internal static class TemporaryFiles
{
    public static void Resolve(IDisk disk, string directory, LogConfig config)
    {
        var minCleaned = long.MaxValue;
        var swaps = new List<(string Name, long Offset)>();
        var worthless = new List<string>();
        foreach (var entry in disk.List(directory))
        {
            if (entry.IsDirectory)
                continue;
            if (entry.Name.EndsWith(LogFileNames.DeletedSuffix, StringComparison.Ordinal) || entry.Name.EndsWith(".tmp", StringComparison.Ordinal))
            {
                worthless.Add(entry.Name);
            }
            else if (entry.Name.EndsWith(LogFileNames.CleanedSuffix, StringComparison.Ordinal) && LogFileNames.TryParseOffset(entry.Name, out var cleaned))
            {
                minCleaned = Math.Min(minCleaned, cleaned);
                worthless.Add(entry.Name);
            }
            else if (entry.Name.EndsWith(LogFileNames.SwapSuffix, StringComparison.Ordinal) && LogFileNames.TryParseOffset(entry.Name, out var swap))
            {
                swaps.Add((entry.Name, swap));
            }
        }

        // Swaps above a half-made output belong to a split that did not finish (KAFKA-6264).
        worthless.AddRange(swaps.Where(s => s.Offset >= minCleaned).Select(static s => s.Name));
        swaps.RemoveAll(s => s.Offset >= minCleaned);
        foreach (var name in worthless)
            disk.DeleteFile(Path.Combine(directory, name));
        if (swaps.Count > 0)
            FinishSwap(disk, directory, config, swaps);
        if (worthless.Count > 0 || swaps.Count > 0)
            disk.FlushDirectory(directory);
    }

    // A complete output of compaction takes the place of every segment whose offsets it covers.
    private static void FinishSwap(IDisk disk, string directory, LogConfig config, List<(string Name, long Offset)> swaps)
    {
        var min = long.MaxValue;
        var max = long.MinValue;
        foreach (var (name, offset) in swaps.Where(static s => s.Name.EndsWith(LogFileNames.LogSuffix + LogFileNames.SwapSuffix, StringComparison.Ordinal)))
        {
            using var segment = new LogSegment(disk, directory, offset, config, 0, 0, LogFileNames.SwapSuffix);
            using var file = disk.Open(Path.Combine(directory, name), DiskFileMode.OpenExisting);
            segment.OpenExisting(file.Length, 0);
            var next = offset;
            using var scanner = segment.Scan();
            while (scanner.MoveNext())
                next = scanner.Header.NextOffset;
            min = Math.Min(min, offset);
            max = Math.Max(max, next);
        }

        foreach (var entry in disk.List(directory))
        {
            if (!entry.Name.EndsWith(LogFileNames.LogSuffix, StringComparison.Ordinal) || !LogFileNames.TryParseOffset(entry.Name, out var offset)
                || offset < min || offset >= max)
                continue;
            foreach (var suffix in new[] { LogFileNames.LogSuffix, LogFileNames.IndexSuffix, LogFileNames.TimeIndexSuffix, LogFileNames.TxnIndexSuffix })
                disk.DeleteFile(Path.Combine(directory, LogFileNames.ForOffset(offset, suffix)));
        }

        foreach (var (name, _) in swaps)
            disk.Rename(Path.Combine(directory, name), Path.Combine(directory, name[..^LogFileNames.SwapSuffix.Length]));
    }
}
