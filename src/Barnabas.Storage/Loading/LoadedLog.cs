using Barnabas.Protocol;
using Barnabas.Storage.Epochs;
using Barnabas.Storage.Producers;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Loading;

/// <summary>What <see cref="LogLoader"/> made of a partition's folder.</summary>
internal sealed record LoadedLog(
    TopicPartition Partition,
    Uuid TopicId,
    LogSegment[] Segments,
    LeaderEpochFileCache Epochs,
    ProducerStateManager Producers,
    long LogStartOffset,
    long LogEndOffset,
    long RecoveryPoint);
