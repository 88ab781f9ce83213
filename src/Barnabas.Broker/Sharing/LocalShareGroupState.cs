using Barnabas.Broker.Cache;
using Barnabas.Broker.Topics;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Sharing;

/// <summary>
/// The share coordinator of this node as share partitions and the group coordinator use it: makes its topic when it is first
/// needed and waits, within reason, for partitions that are being loaded. A request may be made again: each is idempotent.
/// </summary>
internal sealed class LocalShareGroupState(ShareCoordinatorService coordinator, MetadataCache metadata, AutoTopicCreation topics, TimeProvider time) : IShareGroupState
{
    private const int MaxAttempts = 8;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(20);

    public Task<InitializeShareGroupStateResponse> InitializeAsync(InitializeShareGroupStateRequest request) => AskAsync(
        () => coordinator.InitializeAsync(request), response => response.Results.Exists(topic => topic.Partitions.Exists(partition => IsRetriable(partition.ErrorCode))));

    public Task<ReadShareGroupStateResponse> ReadAsync(ReadShareGroupStateRequest request) => AskAsync(
        () => coordinator.ReadAsync(request), response => response.Results.Exists(topic => topic.Partitions.Exists(partition => IsRetriable(partition.ErrorCode))));

    public Task<WriteShareGroupStateResponse> WriteAsync(WriteShareGroupStateRequest request) => AskAsync(
        () => coordinator.WriteAsync(request), response => response.Results.Exists(topic => topic.Partitions.Exists(partition => IsRetriable(partition.ErrorCode))));

    public Task<DeleteShareGroupStateResponse> DeleteAsync(DeleteShareGroupStateRequest request) => AskAsync(
        () => coordinator.DeleteAsync(request), response => response.Results.Exists(topic => topic.Partitions.Exists(partition => IsRetriable(partition.ErrorCode))));

    public Task<ReadShareGroupStateSummaryResponse> ReadSummaryAsync(ReadShareGroupStateSummaryRequest request) => AskAsync(
        () => coordinator.ReadSummaryAsync(request), response => response.Results.Exists(topic => topic.Partitions.Exists(partition => IsRetriable(partition.ErrorCode))));

    private static bool IsRetriable(ErrorCode error) => error is ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable;

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, Func<T, bool> isRetriable)
    {
        if (metadata.Image.Topics.Find(TopicNames.ShareGroupState) is null)
            await topics.CreateInternalAsync(TopicNames.ShareGroupState);
        var backoff = FirstBackoff;
        for (var attempt = 1; ; attempt++)
        {
            var response = await ask();
            if (attempt == MaxAttempts || !isRetriable(response))
                return response;
            await Task.Delay(backoff, time, CancellationToken.None);
            backoff *= 2;
        }
    }
}
