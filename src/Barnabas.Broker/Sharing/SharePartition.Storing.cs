using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;

namespace Barnabas.Broker.Sharing;

internal sealed partial class SharePartition
{
    private async Task<KafkaException?> ReadStateAsync(Func<UnifiedLog, long> resetOffset)
    {
        KafkaException? error = null;
        try
        {
            var response = await _store.ReadAsync(new ReadShareGroupStateRequest
            {
                GroupId = Key.GroupId,
                Topics = [new() { TopicId = Key.TopicId, Partitions = [new() { Partition = Key.Partition, LeaderEpoch = LeaderEpoch }] }],
            });
            var result = response.Results[0].Partitions[0];
            if (result.ErrorCode != ErrorCode.None)
                throw ToClientError(result.ErrorCode, result.ErrorMessage);
            var startOffset = result.StartOffset == -1 ? resetOffset(Partition.Log) : result.StartOffset;
            var state = new SharePartitionState(
                startOffset, result.StateBatches.ConvertAll(batch => new ShareStateBatch(batch.FirstOffset, batch.LastOffset, batch.DeliveryState, batch.DeliveryCount)));
            lock (_lock)
                (_state, _stateEpoch) = (state, result.StateEpoch);
            SharingLog.PartitionInitialized(_logger, Key.ToString(), state.StartOffset, state.NextOffset, result.StateEpoch);
        }
        catch (KafkaException e)
        {
            error = e;
        }
        catch (ArgumentException e)
        {
            error = new KafkaException(ErrorCode.UnknownServerError, $"Failed to initialize the share partition {Key}", e);
        }

        if (error is not null)
            SharingLog.PartitionNotInitialized(_logger, Key.ToString(), error.ErrorCode, error.Message);
        WakeFetches();
        return error;
    }

    /// <summary>Writes a change, and makes it count or takes it back.</summary>
    private async Task<KafkaException?> WriteAsync(ShareStateChange? change)
    {
        if (change is null)
            return null;

        var response = await _store.WriteAsync(new WriteShareGroupStateRequest
        {
            GroupId = Key.GroupId,
            Topics = [new()
            {
                TopicId = Key.TopicId,
                Partitions = [new()
                {
                    Partition = Key.Partition,
                    StateEpoch = _stateEpoch,
                    LeaderEpoch = LeaderEpoch,
                    StartOffset = change.StartOffset,
                    DeliveryCompleteCount = change.DeliveryCompleteCount,
                    StateBatches = [.. change.Batches.Select(batch => new WriteShareGroupStateRequest.StateBatch
                    {
                        FirstOffset = batch.FirstOffset,
                        LastOffset = batch.LastOffset,
                        DeliveryState = batch.DeliveryState,
                        DeliveryCount = batch.DeliveryCount,
                    })],
                }],
            }],
        });
        var result = response.Results[0].Partitions[0];
        lock (_lock)
        {
            if (result.ErrorCode == ErrorCode.None)
                _state?.Commit(change.Id);
            else
                _state?.Rollback(change.Id, _settings().DeliveryCountLimit, NowMs);
            ArmLockTimer();
        }

        WakeFetches();
        return result.ErrorCode == ErrorCode.None ? null : ToClientError(result.ErrorCode, result.ErrorMessage);
    }

    /// <summary>Errors of the share coordinator as a consumer understands them.</summary>
    private static KafkaException ToClientError(ErrorCode code, string? message) => code switch
    {
        ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress => new(ErrorCode.CoordinatorNotAvailable, message ?? ""),
        ErrorCode.GroupIdNotFound or ErrorCode.UnknownTopicOrPartition => new(code, message ?? ""),
        ErrorCode.FencedLeaderEpoch or ErrorCode.FencedStateEpoch => new(ErrorCode.NotLeaderOrFollower, message ?? ""),
        _ => new(ErrorCode.UnknownServerError, message ?? ""),
    };
}
