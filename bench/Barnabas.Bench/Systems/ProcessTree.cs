using System.Globalization;

namespace Barnabas.Bench.Systems;

/// <summary>What the operating system says of a process and all its descendants (Linux' /proc).</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;
    private const int ParentField = 1;
    private const int UserTicksField = 11;
    private const int SystemTicksField = 12;
    private const int ChildrenUserTicksField = 13;
    private const int ChildrenSystemTicksField = 14;

    /// <summary>CPU seconds of all that live.</summary>
    public static double CpuSeconds(int root)
    {
        var ticks = 0L;
        foreach (var id in Members(root))
        {
            if (Stat(id) is { } stat)
                ticks += Number(stat, UserTicksField) + Number(stat, SystemTicksField);
        }
        return ticks / TicksPerSecond;
    }

    /// <summary>CPU seconds of this process' children that have ended and been waited for.</summary>
    public static double EndedChildrenCpuSeconds()
    {
        var stat = Stat(Environment.ProcessId)!;
        return (Number(stat, ChildrenUserTicksField) + Number(stat, ChildrenSystemTicksField)) / TicksPerSecond;
    }

    /// <summary>The sum of the largest resident sizes (VmHWM), in MB.</summary>
    public static double PeakMegabytes(int root) => Sum(root, "VmHWM:");

    /// <summary>The sum of the resident sizes (VmRSS), in MB.</summary>
    public static double ResidentMegabytes(int root) => Sum(root, "VmRSS:");

    private static double Sum(int root, string name)
    {
        var kilobytes = 0L;
        foreach (var id in Members(root))
        {
            foreach (var line in Lines($"/proc/{id}/status"))
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                    kilobytes += long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
            }
        }
        return kilobytes / 1024.0;
    }

    private static List<int> Members(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || Stat(id) is not { } stat)
                continue;
            var parent = (int)Number(stat, ParentField);
            if (!children.TryGetValue(parent, out var list))
                children[parent] = list = [];
            list.Add(id);
        }
        List<int> members = [root];
        for (var i = 0; i < members.Count; i++)
            members.AddRange(children.GetValueOrDefault(members[i], []));
        return members;
    }

    /// <summary>The fields after the name in parentheses, which may hold spaces itself.</summary>
    private static string[]? Stat(int id)
    {
        var lines = Lines($"/proc/{id}/stat");
        return lines.Length == 0 ? null : lines[0][(lines[0].LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long Number(string[] stat, int field) => long.Parse(stat[field], CultureInfo.InvariantCulture);

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            // The process has ended since it was listed.
            return [];
        }
    }
}
