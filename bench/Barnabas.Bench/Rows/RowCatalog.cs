namespace Barnabas.Bench.Rows;

/// <summary>All rows, in the order of the table. A new row is one line here.</summary>
internal static class RowCatalog
{
    private static readonly int[] Sizes = [100, 1024, 10240];
    private static readonly int[] Partitions = [1, 6];
    private static readonly string[] Acks = ["1", "all"];
    private static readonly string[] Codecs = ["none", "lz4", "zstd", "gzip", "snappy"];

    public static IReadOnlyList<IRow> Select(BenchOptions options)
    {
        var selected = All(options).Where(row => options.Rows.IsMatch(row.Name)).ToList();
        return selected.Count > 0 ? selected : throw new BenchException($"no row matches {options.Rows}");
    }

    private static IEnumerable<IRow> All(BenchOptions options)
    {
        foreach (var load in Produces(options.Full))
            yield return new KbenchProduceRow(load);
        foreach (var size in Sizes)
            yield return new JavaProduceRow(size);
        yield return new KcatRow();
        foreach (var size in Sizes)
        {
            foreach (var from in Enum.GetValues<ConsumeFrom>())
                yield return new KbenchConsumeRow(size, from);
        }
        foreach (var size in Sizes)
            yield return new JavaConsumeRow(size);
        foreach (var rate in (int[])[1_000, 10_000])
            yield return new LatencyRow(rate);
        yield return new JavaLatencyRow();
        foreach (var producers in (int[])[1, 50])
            yield return new FsyncRow(producers);
        yield return new GroupRow(50);
        foreach (var size in Sizes)
        {
            yield return new ClientProduceRow(size);
            yield return new ClientConsumeRow(size);
        }
        yield return new JdbcSinkRow();
        yield return new JdbcSourceRow();
        yield return new IdleConnectorsRow();
        yield return new StartRow();
        yield return new ManyPartitionsRow();
        yield return new ManyTopicsRow();
        yield return new FullLoadRow();
        yield return new ManyConnectionsRow();
        yield return new PartitionGrowthRow();
        yield return new LogGrowthRow(options.Full);
    }

    private static IEnumerable<ProduceLoad> Produces(bool full)
    {
        foreach (var size in Sizes)
        {
            foreach (var partitions in Partitions)
            {
                foreach (var acks in Acks)
                {
                    foreach (var codec in Codecs)
                    {
                        // Codecs cost the same whatever the partitions: by default they are tried on one load.
                        if (full || codec == "none" || (size == 1024 && partitions == 6 && acks == "all"))
                            yield return new ProduceLoad(size, partitions, acks, codec);
                    }
                }
            }
        }
    }
}
