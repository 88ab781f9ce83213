namespace Barnabas.Bench.Rows;

/// <summary>What is produced: record size in bytes, partitions, acks, codec.</summary>
internal sealed record ProduceLoad(int RecordBytes, int Partitions, string Acks, string Codec)
{
    private const long TargetBytes = 600L * 1000 * 1000;
    private const int MaxRecords = 2_000_000;

    public string Name => $"{RecordBytes}B/{Partitions}p/{Acks}/{Codec}";

    public double Megabytes(BenchOptions options) => (double)Records(options) * RecordBytes / 1e6;

    public int Records(BenchOptions options) => RecordsOf(RecordBytes, options);

    public static int RecordsOf(int recordBytes, BenchOptions options) => options.Scale((int)Math.Min(MaxRecords, TargetBytes / recordBytes), 1000);
}
