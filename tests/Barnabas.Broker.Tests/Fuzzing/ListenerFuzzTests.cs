using System.Buffers.Binary;
using System.Diagnostics;
using Barnabas.Broker.Tests.Security;
using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Testing;
using Barnabas.Tests.Support;

namespace Barnabas.Broker.Tests.Fuzzing;

/// <summary>Requests of every API, changed at random, against a whole broker. <see cref="FuzzSeeds"/> says how to replay one seed, and how to run on.</summary>
public sealed class ListenerFuzzTests(ITestOutputHelper output)
{
    private const int RoundsPerApi = 12;
    private const int OpenConnections = 64;

    // What takes the broker out of the cluster, or the controller out of its epoch, does so.
    private static readonly HashSet<ApiKey> Obeyed =
    [
        ApiKey.UnregisterBroker, ApiKey.BrokerRegistration, ApiKey.BrokerHeartbeat, ApiKey.ControllerRegistration, ApiKey.Vote, ApiKey.BeginQuorumEpoch, ApiKey.EndQuorumEpoch,
    ];

    [Theory]
    [InlineData(9092)]
    [InlineData(9093)]
    public async Task Changed_requests_of_any_API_are_answered_or_cost_their_sender_the_connection(int port)
    {
        var loggers = new RecordingLoggers();
        var properties = new Dictionary<string, string> { ["listeners"] = "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093" };
        await using var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true, Loggers = loggers, Properties = properties });
        await using (var topic = await TopicClient.CreateAsync(broker, "fuzzed"))
            await topic.ProduceAsync(Records.Batch("one", "two"));
        var watch = Stopwatch.StartNew();
        var sent = 0;
        foreach (var seed in FuzzSeeds.From(1, 2, 1633941344))
        {
            sent += await RunAsync(broker, port, seed);
            var bad = loggers.Warnings.Where(w => w.Contains("in an unexpected way", StringComparison.Ordinal)).Distinct().ToList();
            Assert.True(bad.Count == 0, $"replay with BARNABAS_FUZZ_SEED={seed}: {string.Join("\n", bad)}");
        }
        output.WriteLine($"{sent} requests in {watch.Elapsed.TotalSeconds:F1} s");
        await using var good = await TopicClient.ConnectAsync(broker, "fuzzed");
        Assert.Equal(ErrorCode.None, (await good.ProduceAsync(Records.Batch("three"))).ErrorCode);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Changed_batches_with_a_right_checksum_are_taken_or_refused_and_what_was_taken_can_be_read(CompressionType codec)
    {
        var loggers = new RecordingLoggers();
        // Changed timestamps are of long ago: retention would delete what is to be read.
        var properties = new Dictionary<string, string> { ["log.retention.ms"] = "-1" };
        await using var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true, Loggers = loggers, Properties = properties });
        await using var client = await TopicClient.CreateAsync(broker, "batches");
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodecs.Get(codec) });
        for (var i = 0; i < 20; i++)
            builder.Append(Records.Now + i, "key"u8.ToArray(), new byte[i * 7], [new RecordHeader("h", "v"u8.ToArray())]);
        var seedBatch = builder.Build().ToArray();
        foreach (var seed in FuzzSeeds.From([.. Enumerable.Range(0, 150), 694234230, 1142079345, 1542788012, 52772780, 1263055972]))
        {
            var changed = new Mutator(seed).Mutate(seedBatch);
            if (changed.Length < RecordBatchLayout.HeaderBytes)
                continue;
            BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(8), changed.Length - 12);
            changed[16] = 2;
            RecordBatchMutator.UpdateCrc(changed);
            var answer = await client.ProduceAsync(changed);
            Assert.True(answer.ErrorCode is not ErrorCode.UnknownServerError, $"replay with BARNABAS_FUZZ_SEED={seed}: {loggers.Warnings.LastOrDefault()}");
        }
        Assert.Equal(ErrorCode.None, (await client.ProduceAsync(Records.Batch("last"))).ErrorCode);
        var end = (await client.ListOffsetAsync(-1)).Offset;
        for (var offset = 0L; offset < end;)
        {
            var read = await client.FetchAsync(offset);
            Assert.Equal(ErrorCode.None, read.ErrorCode);
            var before = offset;
            foreach (var batch in RecordBatches.EnumerateComplete(read.Records ?? default))
            {
                foreach (ref readonly var record in batch.Records())
                    Assert.True(record.Offset >= batch.BaseOffset && record.Offset <= batch.LastOffset);
                offset = batch.NextOffset;
            }
            Assert.True(offset > before, $"nothing to read at {offset} below {end}");
        }
        Assert.DoesNotContain(loggers.Warnings, w => w.Contains("in an unexpected way", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task A_decompression_bomb_is_refused_and_takes_no_more_memory_than_the_limit(CompressionType codec)
    {
        await using var broker = await Brokers.StartAsync();
        await using var client = await TopicClient.CreateAsync(broker, "bombs");
        const int Bomb = 256 * 1024 * 1024;
        using var compressed = new PooledBuffer(BufferPool.Shared, 1 << 20, 1 << 29);
        CompressionCodecs.Get(codec).Compress(new byte[Bomb], compressed);
        byte[] batch = [.. new byte[RecordBatchLayout.HeaderBytes], .. compressed.WrittenSpan];
        new RecordBatchHeader { Compression = codec, RecordCount = 1, BaseTimestamp = Records.Now, MaxTimestamp = Records.Now }.Write(batch);
        if (batch.Length > 1_000_000)
            return; // The codec makes nothing small of it: max.message.bytes refuses the batch before it is opened.
        var taken = BytesTakenToOpen(batch);
        var answer = await client.ProduceAsync(batch);
        Assert.NotEqual(ErrorCode.None, answer.ErrorCode);
        Assert.NotEqual(ErrorCode.UnknownServerError, answer.ErrorCode);
        // The limit, and the smaller buffers on the way there.
        Assert.True(taken < 2.2 * BufferPool.DefaultMaxDecompressedBytes, $"{taken} bytes were allocated");
    }

    /// <summary>On this thread, where nobody else allocates.</summary>
    private static long BytesTakenToOpen(byte[] batch)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DecompressedSizeExceededException>(() =>
        {
            foreach (ref readonly var record in new RecordBatch(batch).Records())
                Assert.True(record.Offset >= 0);
        });
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task<int> RunAsync(TestBroker broker, int port, int seed)
    {
        var mutator = new Mutator(seed);
        var random = new Random(seed);
        var connections = new Queue<RawClient>();
        var sent = 0;
        await using var asking = await RawClient.ConnectAsync(broker, port);
        var served = (await asking.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "fuzz", ClientSoftwareVersion = "1" }, 3)).ApiKeys;
        for (var round = 0; round < RoundsPerApi; round++)
        {
            foreach (var api in served.Where(a => !Obeyed.Contains((ApiKey)a.ApiKey)))
            {
                var version = (short)random.Next(api.MinVersion, api.MaxVersion + 1);
                if (Encode((ApiKey)api.ApiKey, version) is not { } bytes)
                    continue;
                var body = mutator.Mutate(bytes);
                if (body.Length >= 4)
                {
                    // The API and version stay, so that the decoder meant is the one that is met.
                    BinaryPrimitives.WriteInt16BigEndian(body, api.ApiKey);
                    BinaryPrimitives.WriteInt16BigEndian(body.AsSpan(2), version);
                }
                var raw = await RawClient.ConnectAsync(broker, port);
                connections.Enqueue(raw);
                var prefix = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(prefix, body.Length);
                await raw.SendBytesAsync([.. prefix, .. body]);
                sent++;
                while (connections.Count > OpenConnections)
                    await connections.Dequeue().DisposeAsync();
            }
        }
        while (connections.TryDequeue(out var left))
            await left.DisposeAsync();
        return sent;
    }

    private static byte[]? Encode(ApiKey key, short version)
    {
        var request = RightlessRequests.Find(key) ?? ApiCatalog.Get(key).NewRequest();
        var writer = new MessageWriter();
        try
        {
            new RequestHeader { RequestApiKey = (short)key, RequestApiVersion = version, CorrelationId = 1, ClientId = "fuzz" }.Write(writer, ApiCatalog.Get(key).RequestHeaderVersion(version));
            request.Write(writer, version);
            return writer.ToArray();
        }
        catch (UnsupportedVersionException)
        {
            // What the request says cannot be said in this version.
            return null;
        }
    }
}
