using Barnabas.Protocol.Buffers;
using Barnabas.Protocol.Compression;
using Barnabas.Storage.Producers;
using Microsoft.Extensions.Logging;

namespace Barnabas.Storage;

/// <summary>What all logs of a process share.</summary>
public sealed class LogServices
{
    /// <summary>512 MiB: four batches that are as large as they may be, or hundreds of usual ones.</summary>
    public const long DefaultMaxDecompressedBytesOfAll = 4L * BufferPool.DefaultMaxDecompressedBytes;

    private readonly Lock _randomLock = new();
    private ProducerStateOptions _producers = new();

    /// <summary>The file system.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>The clock and its timers.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Chance: segment jitter and unique folder names. Used under a lock.</summary>
    public required Random Random { get; init; }

    /// <summary>Where storage says what it does.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Threads for blocking work.</summary>
    public required StorageWorkers Workers { get; init; }

    /// <summary>Set when the node is asked to stop while it still loads its logs, which then ends early.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>
    /// The memory for what is decompressed to be checked, searched, compacted, replayed or compressed anew: one budget over all connections, which
    /// what the node itself reads counts into.
    /// </summary>
    public BufferPool Decompression { get; init; } = DecompressionOf(DefaultMaxDecompressedBytesOfAll);

    /// <summary>The memory for the logs' tails.</summary>
    public TailCacheBudget TailCache { get; init; } = new();

    /// <summary>Who flushes on its own thread.</summary>
    public LoneFlusher LoneFlusher { get; } = new();

    /// <summary>Settings of producer state, which may change at run time.</summary>
    public ProducerStateOptions Producers { get => Volatile.Read(ref _producers); set => Volatile.Write(ref _producers, value); }

    /// <summary>A budget for what is decompressed at one time.</summary>
    /// <param name="maxBytes">Its size in bytes; one batch may have <see cref="BufferPool.DefaultMaxDecompressedBytes"/> of it.</param>
    public static BufferPool DecompressionOf(long maxBytes) => new(ByteArrayPool.Instance, BufferPool.DefaultMaxDecompressedBytes, maxBytes);

    internal long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    internal long NextJitterMs(LogConfig config)
    {
        if (config.SegmentJitterMs <= 0)
            return 0;
        lock (_randomLock)
            return Random.NextInt64(Math.Min(config.SegmentJitterMs, Math.Max(1, config.SegmentMs)));
    }

    internal string NextUnique()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_randomLock)
            Random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
