using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Barnabas.Protocol;

namespace Barnabas.Storage;

/// <summary>The names Kafka gives to the files and folders of a log directory.</summary>
public static class LogFileNames
{
    /// <summary>Record batches.</summary>
    public const string LogSuffix = ".log";

    /// <summary>Offset index.</summary>
    public const string IndexSuffix = ".index";

    /// <summary>Time index.</summary>
    public const string TimeIndexSuffix = ".timeindex";

    /// <summary>Aborted transactions.</summary>
    public const string TxnIndexSuffix = ".txnindex";

    /// <summary>Producer state snapshot.</summary>
    public const string SnapshotSuffix = ".snapshot";

    /// <summary>Marks a file that waits for its deletion.</summary>
    public const string DeletedSuffix = ".deleted";

    /// <summary>Marks a half-made output of compaction, worthless after a crash.</summary>
    public const string CleanedSuffix = ".cleaned";

    /// <summary>Marks a complete output of compaction that takes the place of its source.</summary>
    public const string SwapSuffix = ".swap";

    /// <summary>Ends the folder of a partition that waits for its deletion.</summary>
    public const string DeleteDirSuffix = "-delete";

    /// <summary>Ends the folder of a replica that moves to this log directory.</summary>
    public const string FutureDirSuffix = "-future";

    /// <summary>Ends the folder of a partition that the metadata does not assign here.</summary>
    public const string StrayDirSuffix = "-stray";

    /// <summary>The metadata topic; its folder belongs to the Raft layer.</summary>
    public const string ClusterMetadataTopic = "__cluster_metadata";

    /// <summary>The leader epochs of a log.</summary>
    public const string LeaderEpochCheckpoint = "leader-epoch-checkpoint";

    /// <summary>The topic id of a partition folder.</summary>
    public const string PartitionMetadata = "partition.metadata";

    /// <summary>The recovery points of a log directory.</summary>
    public const string RecoveryPointCheckpoint = "recovery-point-offset-checkpoint";

    /// <summary>The high watermarks of a log directory.</summary>
    public const string ReplicationOffsetCheckpoint = "replication-offset-checkpoint";

    /// <summary>The log start offsets of a log directory.</summary>
    public const string LogStartOffsetCheckpoint = "log-start-offset-checkpoint";

    /// <summary>The first dirty offsets of compacted logs.</summary>
    public const string CleanerOffsetCheckpoint = "cleaner-offset-checkpoint";

    /// <summary>Identity of a log directory.</summary>
    public const string MetaProperties = "meta.properties";

    /// <summary>Held by the process that uses a log directory.</summary>
    public const string LockFile = ".lock";

    /// <summary>Present when the last process flushed everything before it ended.</summary>
    public const string CleanShutdownFile = ".kafka_cleanshutdown";

    private const int MaxFileNameLength = 255;

    /// <summary>Twenty digits of an offset and a suffix: <c>00000000000000000042.log</c>.</summary>
    public static string ForOffset(long offset, string suffix) => offset.ToString("D20", CultureInfo.InvariantCulture) + suffix;

    /// <summary>The offset in front of the first dot of a file's name; false when there is none.</summary>
    public static bool TryParseOffset(string fileName, out long offset)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        var dot = fileName.IndexOf('.', StringComparison.Ordinal);
        offset = -1;
        return dot > 0 && long.TryParse(fileName.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }

    /// <summary>The folder of a partition: <c>topic-0</c>.</summary>
    public static string PartitionDirectory(TopicPartition partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition.Topic}-{partition.Partition}");

    /// <summary>The name a partition's folder gets while it waits for deletion: <c>topic-0.UNIQUE-delete</c>.</summary>
    public static string DeleteDirectory(TopicPartition partition, string unique) => WithLimitedTopic(partition, unique, DeleteDirSuffix);

    /// <summary>The name a folder gets when the metadata knows nothing of it: <c>topic-0.UNIQUE-stray</c>.</summary>
    public static string StrayDirectory(TopicPartition partition, string unique) => WithLimitedTopic(partition, unique, StrayDirSuffix);

    /// <summary>The folder of a replica on its way into this log directory: <c>topic-0.UNIQUE-future</c>.</summary>
    public static string FutureDirectory(TopicPartition partition, string unique) =>
        $"{PartitionDirectory(partition)}.{unique}{FutureDirSuffix}";

    /// <summary>Reads topic and partition from a folder's name, with or without a <c>.UNIQUE-delete|-future|-stray</c> ending.</summary>
    public static bool TryParsePartitionDirectory(string name, [NotNullWhen(true)] out TopicPartition? partition)
    {
        ArgumentNullException.ThrowIfNull(name);
        partition = null;
        var plain = name;
        if (HasEnding(name, DeleteDirSuffix) || HasEnding(name, FutureDirSuffix) || HasEnding(name, StrayDirSuffix))
        {
            var dot = name.LastIndexOf('.');
            if (dot <= 0)
                return false;
            plain = name[..dot];
        }

        var dash = plain.LastIndexOf('-');
        if (dash <= 0 || !int.TryParse(plain.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        partition = new TopicPartition(plain[..dash], number);
        return true;
    }

    internal static bool HasEnding(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);

    private static string WithLimitedTopic(TopicPartition partition, string unique, string suffix)
    {
        var ending = string.Create(CultureInfo.InvariantCulture, $"-{partition.Partition}.{unique}{suffix}");
        var room = Math.Min(partition.Topic.Length, MaxFileNameLength - ending.Length);
        return partition.Topic[..room] + ending;
    }
}
