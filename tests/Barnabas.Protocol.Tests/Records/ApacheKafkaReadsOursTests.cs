using System.Diagnostics;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Tests.Records;

public sealed class ApacheKafkaReadsOursTests
{
    [Fact]
    public async Task Apache_Kafka_reads_batches_of_every_codec_and_level_that_Barnabas_writes()
    {
        var peers = Environment.GetEnvironmentVariable("BARNABAS_PEERS");
        Assert.SkipWhen(peers is null, "BARNABAS_PEERS does not name the folder with Apache Kafka's jars.");
        var folder = Directory.CreateTempSubdirectory("barnabas-golden-").FullName;
        try
        {
            foreach (var (name, codec) in Codecs())
            {
                foreach (var count in new[] { 1, 40, 3000 })
                    File.WriteAllBytes(Path.Combine(folder, $"{name}-{count}.batch"), SampleRecords.Build(new RecordBatchOptions { Codec = codec }, count));
            }
            var start = new ProcessStartInfo("java") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in new[] { "-cp", Path.Combine(peers, "kafka", "libs", "*"), Program, "verify", folder })
                start.ArgumentList.Add(argument);
            using var java = Process.Start(start)!;
            var errors = java.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await java.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await java.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(java.ExitCode == 0, output + await errors);
            Assert.Equal(Codecs().Count() * 3, output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "GoldenBatches.java");

    private static IEnumerable<(string Name, ICompressionCodec Codec)> Codecs()
    {
        yield return ("none", CompressionCodecs.Get(CompressionType.None));
        yield return ("snappy", CompressionCodecs.Get(CompressionType.Snappy));
        foreach (var level in new[] { -1, 1, 9 })
            yield return ($"gzip{level}", CompressionCodecs.Create(CompressionType.Gzip, level));
        foreach (var level in new[] { 1, 3, 9, 17 })
            yield return ($"lz4-{level}", CompressionCodecs.Create(CompressionType.Lz4, level));
        foreach (var level in new[] { -131072, -1, 1, 3, 22 })
            yield return ($"zstd{level}", CompressionCodecs.Create(CompressionType.Zstd, level));
    }
}
