using System.Collections.Concurrent;
using System.Globalization;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Protocol;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Replication;

/// <summary>
/// Moves replicas between the log directories of this broker (KIP-113): a copy grows beside the log, the controller is told, and the copy
/// takes the log's place. A move is a row of short steps on the storage threads, so that many moves and flushes share them.
/// </summary>
internal sealed class ReplicaAlterLogDirsManager(
    ReplicaManager replicas, LogManager logs, StorageWorkers workers, AssignmentsManager assignments, MetadataCache metadata, DynamicBrokerConfig config, ILogger logger)
{
    private const string ThrottleKey = "replica.alter.log.dirs.io.max.bytes.per.second";
    private const int MaxDirectoryNameLength = 255;

    private readonly ConcurrentDictionary<TopicPartition, Move> _moves = new();

    private enum MoveState
    {
        Copying,
        Assigning,
        Accepted,
    }

    /// <summary>Begins to move a replica, or changes where it moves to; moving it where it is ends a move.</summary>
    /// <returns>The error that AlterReplicaLogDirs answers.</returns>
    public ErrorCode Alter(TopicPartition topicPartition, string path)
    {
        try
        {
            var destination = Destination(topicPartition, path);
            if (replicas.Find(topicPartition) is not { } partition)
            {
                if (replicas.IsOffline(topicPartition))
                    return ErrorCode.KafkaStorageError;
                logs.Prefer(topicPartition, destination);
                return ErrorCode.ReplicaNotAvailable;
            }
            if (logs.GetFutureLog(topicPartition) is { } future)
            {
                if (ReferenceEquals(future.LogDirectory, destination.State))
                    return ErrorCode.None;
                Cancel(partition);
            }
            if (!ReferenceEquals(partition.Log.LogDirectory, destination.State))
            {
                logs.GetOrCreateFutureLog(topicPartition, destination);
                Begin(partition);
            }
            return ErrorCode.None;
        }
        catch (KafkaException e)
        {
            BrokerLog.MoveRefused(logger, topicPartition, path, e);
            return e.ErrorCode;
        }
    }

    /// <summary>Goes on with the move of a replica that was under way.</summary>
    public void Begin(Partition partition)
    {
        var move = new Move(partition, logs.DirectoryOf(partition.Log).Id);
        _moves[partition.TopicPartition] = move;
        workers.Run(() => Step(move));
    }

    private LogDirectory Destination(TopicPartition topicPartition, string path)
    {
        if (LogFileNames.FutureDirectory(topicPartition, new string('x', Uuid.Zero.ToString().Length)).Length > MaxDirectoryNameLength)
            throw new KafkaException(ErrorCode.InvalidTopicException, "The topic name is too long.");
        var directory = logs.Directories.FirstOrDefault(d => d.Path == path)
            ?? throw new KafkaException(ErrorCode.LogDirNotFound, $"Log dir '{path}' is not found in the config.");
        if (directory.State.IsOffline)
            throw new KafkaStorageException($"Log directory {path} is offline");
        return logs.IsCordoned(directory)
            ? throw new KafkaException(ErrorCode.InvalidReplicaAssignment, $"Log directory {path} is cordoned")
            : directory;
    }

    private void Cancel(Partition partition)
    {
        _moves.TryRemove(partition.TopicPartition, out var move);
        logs.AbandonFutureLog(partition.TopicPartition);
        if (move is { State: not MoveState.Copying } && KnowsDirectories)
            assignments.Assign(IdOf(partition), move.Source);
    }

    private bool KnowsDirectories => metadata.Image.Features.SupportsDirectoryAssignment;

    private void Step(Move move)
    {
        var topicPartition = move.Partition.TopicPartition;
        if (!_moves.TryGetValue(topicPartition, out var current) || !ReferenceEquals(current, move))
            return;
        try
        {
            switch (logs.CopyToFuture(topicPartition))
            {
                case < 0:
                    _moves.TryRemove(topicPartition, out _);
                    break;
                case > 0 and var copied:
                    workers.Schedule(PauseAfter(copied), () => Step(move));
                    break;
                default:
                    CaughtUp(move);
                    break;
            }
        }
        catch (KafkaException e)
        {
            // The copy stays; the next start, or the next request, goes on with it.
            _moves.TryRemove(topicPartition, out _);
            BrokerLog.MoveFailed(logger, topicPartition, e);
        }
    }

    private void CaughtUp(Move move)
    {
        switch (move.State)
        {
            case MoveState.Copying when KnowsDirectories && logs.GetFutureLog(move.Partition.TopicPartition) is { } future:
                move.State = MoveState.Assigning;
                assignments.Assign(IdOf(move.Partition), logs.DirectoryOf(future).Id, () =>
                {
                    move.State = MoveState.Accepted;
                    workers.Run(() => Step(move));
                });
                break;
            case MoveState.Copying or MoveState.Accepted:
                logs.ReplaceWithFuture(move.Partition.TopicPartition, move.Partition.ReplaceLog);
                _moves.TryRemove(move.Partition.TopicPartition, out _);
                break;
        }
    }

    private TimeSpan PauseAfter(int bytes) =>
        config.Current.TryGetRaw(ThrottleKey, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var perSecond) && perSecond > 0
            ? TimeSpan.FromSeconds((double)bytes / perSecond)
            : TimeSpan.Zero;

    private static TopicIdPartition IdOf(Partition partition) =>
        new(partition.TopicId, partition.TopicPartition.Topic, partition.TopicPartition.Partition);

    private sealed class Move(Partition partition, Uuid source)
    {
        private volatile MoveState _state;

        public Partition Partition => partition;

        /// <summary>The directory the replica comes from.</summary>
        public Uuid Source => source;

        public MoveState State
        {
            get => _state;
            set => _state = value;
        }
    }
}
