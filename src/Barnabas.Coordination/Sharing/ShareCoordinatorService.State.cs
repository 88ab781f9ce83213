using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

public sealed partial class ShareCoordinatorService
{
    /// <inheritdoc/>
    public async Task<InitializeShareGroupStateResponse> InitializeAsync(InitializeShareGroupStateRequest request)
    {
        var response = new InitializeShareGroupStateResponse();
        if (IsEmpty(request.GroupId, request.Topics, topic => topic.Partitions.Count))
            return response;

        foreach (var topic in request.Topics)
        {
            var pending = topic.Partitions.ConvertAll(partition =>
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, partition.Partition);
                return AnswerAsync("initialize", key, shard => shard.Initialize(key, partition), (error, message) =>
                    new InitializeShareGroupStateResponse.PartitionResult { Partition = key.Partition, ErrorCode = error, ErrorMessage = message });
            });
            response.Results.Add(new() { TopicId = topic.TopicId, Partitions = [.. await Task.WhenAll(pending)] });
        }

        return response;
    }

    /// <inheritdoc/>
    public async Task<ReadShareGroupStateResponse> ReadAsync(ReadShareGroupStateRequest request)
    {
        var response = new ReadShareGroupStateResponse();
        if (IsEmpty(request.GroupId, request.Topics, topic => topic.Partitions.Count))
            return response;

        foreach (var topic in request.Topics)
        {
            var pending = topic.Partitions.ConvertAll(partition =>
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, partition.Partition);
                return AnswerAsync("read", key, shard => shard.Read(key, partition.LeaderEpoch), (error, message) =>
                    new ReadShareGroupStateResponse.PartitionResult { Partition = key.Partition, ErrorCode = error, ErrorMessage = message });
            });
            response.Results.Add(new() { TopicId = topic.TopicId, Partitions = [.. await Task.WhenAll(pending)] });
        }

        return response;
    }

    /// <inheritdoc/>
    public async Task<WriteShareGroupStateResponse> WriteAsync(WriteShareGroupStateRequest request)
    {
        var response = new WriteShareGroupStateResponse();
        if (IsEmpty(request.GroupId, request.Topics, topic => topic.Partitions.Count))
            return response;

        foreach (var topic in request.Topics)
        {
            var pending = topic.Partitions.ConvertAll(partition =>
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, partition.Partition);
                return AnswerAsync("write", key, shard => shard.Write(key, partition), (error, message) =>
                    new WriteShareGroupStateResponse.PartitionResult { Partition = key.Partition, ErrorCode = error, ErrorMessage = message });
            });
            response.Results.Add(new() { TopicId = topic.TopicId, Partitions = [.. await Task.WhenAll(pending)] });
        }

        return response;
    }

    /// <inheritdoc/>
    public async Task<DeleteShareGroupStateResponse> DeleteAsync(DeleteShareGroupStateRequest request)
    {
        var response = new DeleteShareGroupStateResponse();
        if (IsEmpty(request.GroupId, request.Topics, topic => topic.Partitions.Count))
            return response;

        foreach (var topic in request.Topics)
        {
            var pending = topic.Partitions.ConvertAll(partition =>
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, partition.Partition);
                return AnswerAsync("delete", key, shard => shard.Delete(key), (error, message) =>
                    new DeleteShareGroupStateResponse.PartitionResult { Partition = key.Partition, ErrorCode = error, ErrorMessage = message });
            });
            response.Results.Add(new() { TopicId = topic.TopicId, Partitions = [.. await Task.WhenAll(pending)] });
        }

        return response;
    }

    /// <inheritdoc/>
    public async Task<ReadShareGroupStateSummaryResponse> ReadSummaryAsync(ReadShareGroupStateSummaryRequest request)
    {
        var response = new ReadShareGroupStateSummaryResponse();
        if (IsEmpty(request.GroupId, request.Topics, topic => topic.Partitions.Count))
            return response;

        foreach (var topic in request.Topics)
        {
            var pending = topic.Partitions.ConvertAll(partition =>
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, partition.Partition);
                return AnswerAsync("read summary of", key, shard => new([], shard.ReadSummary(key)), (error, message) =>
                    new ReadShareGroupStateSummaryResponse.PartitionResult { Partition = key.Partition, ErrorCode = error, ErrorMessage = message });
            });
            response.Results.Add(new() { TopicId = topic.TopicId, Partitions = [.. await Task.WhenAll(pending)] });
        }

        return response;
    }

    /// <summary>A request without a group, topics or partitions is answered with nothing, as Kafka does.</summary>
    private static bool IsEmpty<T>(string groupId, List<T> topics, Func<T, int> partitionCount) =>
        groupId.Length == 0 || topics.Count == 0 || topics.Exists(topic => partitionCount(topic) == 0);
}
