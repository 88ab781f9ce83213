using Barnabas.Coordination.Sharing;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Sharing;

/// <summary>Keeps nothing: what group.share.persister.class.name=org.apache.kafka.server.share.persister.NoOpStatePersister asks for. Share groups begin anew with each restart.</summary>
internal sealed class NoShareGroupState : IShareGroupState
{
    /// <summary>The value of group.share.persister.class.name that chooses this one.</summary>
    public const string ClassName = "org.apache.kafka.server.share.persister.NoOpStatePersister";

    public Task<InitializeShareGroupStateResponse> InitializeAsync(InitializeShareGroupStateRequest request) => Task.FromResult(new InitializeShareGroupStateResponse
    {
        Results = request.Topics.ConvertAll(topic => new InitializeShareGroupStateResponse.InitializeStateResult
        {
            TopicId = topic.TopicId,
            Partitions = topic.Partitions.ConvertAll(partition => new InitializeShareGroupStateResponse.PartitionResult { Partition = partition.Partition }),
        }),
    });

    public Task<ReadShareGroupStateResponse> ReadAsync(ReadShareGroupStateRequest request) => Task.FromResult(new ReadShareGroupStateResponse
    {
        Results = request.Topics.ConvertAll(topic => new ReadShareGroupStateResponse.ReadStateResult
        {
            TopicId = topic.TopicId,
            Partitions = topic.Partitions.ConvertAll(partition => new ReadShareGroupStateResponse.PartitionResult { Partition = partition.Partition, StartOffset = -1 }),
        }),
    });

    public Task<WriteShareGroupStateResponse> WriteAsync(WriteShareGroupStateRequest request) => Task.FromResult(new WriteShareGroupStateResponse
    {
        Results = request.Topics.ConvertAll(topic => new WriteShareGroupStateResponse.WriteStateResult
        {
            TopicId = topic.TopicId,
            Partitions = topic.Partitions.ConvertAll(partition => new WriteShareGroupStateResponse.PartitionResult { Partition = partition.Partition }),
        }),
    });

    public Task<DeleteShareGroupStateResponse> DeleteAsync(DeleteShareGroupStateRequest request) => Task.FromResult(new DeleteShareGroupStateResponse
    {
        Results = request.Topics.ConvertAll(topic => new DeleteShareGroupStateResponse.DeleteStateResult
        {
            TopicId = topic.TopicId,
            Partitions = topic.Partitions.ConvertAll(partition => new DeleteShareGroupStateResponse.PartitionResult { Partition = partition.Partition }),
        }),
    });

    public Task<ReadShareGroupStateSummaryResponse> ReadSummaryAsync(ReadShareGroupStateSummaryRequest request) => Task.FromResult(new ReadShareGroupStateSummaryResponse
    {
        Results = request.Topics.ConvertAll(topic => new ReadShareGroupStateSummaryResponse.ReadStateSummaryResult
        {
            TopicId = topic.TopicId,
            Partitions = topic.Partitions.ConvertAll(partition => new ReadShareGroupStateSummaryResponse.PartitionResult { Partition = partition.Partition, StartOffset = -1, DeliveryCompleteCount = -1 }),
        }),
    });
}
