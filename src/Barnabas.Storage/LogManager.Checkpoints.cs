using Barnabas.Protocol;
using Barnabas.Storage.Checkpoints;

namespace Barnabas.Storage;

public sealed partial class LogManager
{
    private static readonly TimeSpan TailCheckInterval = TimeSpan.FromSeconds(2);

    /// <summary>Starts retention, flush, checkpoint and expiry schedules on the workers, and the one that gives up tails that nobody uses.</summary>
    public void StartSchedules()
    {
        Schedule(_options.RetentionCheckIntervalMs, DeleteOldSegments);
        Schedule(_options.FlushSchedulerIntervalMs, FlushDueLogs);
        Schedule(_options.FlushOffsetCheckpointIntervalMs, () => ForEachLive(CheckpointRecoveryPoints));
        Schedule(_options.FlushStartOffsetCheckpointIntervalMs, () => ForEachLive(CheckpointLogStartOffsets));
        Schedule(_options.HighWatermarkCheckpointIntervalMs, () => ForEachLive(CheckpointHighWatermarks));
        Schedule(_options.ProducerIdExpirationCheckIntervalMs, ExpireProducers);
        _services.Workers.ScheduleRepeatedly(TailCheckInterval, TailCheckInterval, _services.TailCache.GiveUpUnused);
        _cleaner.Start();
    }

    /// <summary>Applies retention to all logs.</summary>
    /// <returns>Nothing; failures take their directory offline and the rest goes on.</returns>
    public void DeleteOldSegments() => ForEachLog(static log => log.DeleteOldSegments());

    /// <summary>Writes the recovery points, log start offsets and high watermarks of all working directories.</summary>
    public void Checkpoint() => ForEachLive(directory =>
    {
        CheckpointRecoveryPoints(directory);
        CheckpointLogStartOffsets(directory);
        CheckpointHighWatermarks(directory);
    });

    private void FlushDueLogs() => ForEachLog(static log => log.FlushIfDue());

    private void ExpireProducers() => ForEachLog(static log => log.RemoveExpiredProducers());

    internal void CheckpointRecoveryPoints(LogDirectory directory) =>
        Write(directory, directory.RecoveryPoints, static log => log.RecoveryPoint);

    // Only starts that lie inside a segment: others are plain from the files.
    private void CheckpointLogStartOffsets(LogDirectory directory) =>
        Write(directory, directory.LogStartOffsets, static log => log.LogStartOffset > log.FirstSegmentBaseOffset ? log.LogStartOffset : null);

    private void CheckpointHighWatermarks(LogDirectory directory) =>
        Write(directory, directory.HighWatermarks, static log => log.HighWatermark);

    private void Write(LogDirectory directory, OffsetCheckpointFile file, Func<UnifiedLog, long?> offsetOf)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (var log in LogsIn(directory))
        {
            if (offsetOf(log) is { } offset)
                offsets.TryAdd(log.TopicPartition, offset);
        }

        directory.WriteCheckpoint(file, offsets);
    }

    private void Schedule(long intervalMs, Action work)
    {
        // Kafka's "never" is the largest long, far beyond what a timer takes.
        if (intervalMs > int.MaxValue)
            return;
        _services.Workers.ScheduleRepeatedly(
            TimeSpan.FromMilliseconds(Math.Min(_options.InitialTaskDelayMs, int.MaxValue)), TimeSpan.FromMilliseconds(intervalMs), work);
    }

    private void ForEachLive(Action<LogDirectory> work)
    {
        foreach (var directory in LiveDirectories)
        {
            try
            {
                work(directory);
            }
            catch (KafkaStorageException)
            {
                // Reported when it happened; the directory is offline, the others go on.
            }
        }
    }

    private void ForEachLog(Action<UnifiedLog> work)
    {
        foreach (var log in AllLogs())
        {
            try
            {
                work(log);
            }
            catch (KafkaStorageException)
            {
                // Reported when it happened; the directory is offline, the others go on.
            }
        }
    }
}
