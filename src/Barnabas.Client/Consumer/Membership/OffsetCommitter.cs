using Barnabas.Client.Admin;
using Barnabas.Client.Groups;
using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Membership;

/// <summary>Commits and reads offsets at the group's coordinator.</summary>
/// <param name="context">The consumer's.</param>
/// <param name="generation">Who commits.</param>
/// <param name="outOfGroup">Told when the coordinator says that the member is out, or a rebalance under way.</param>
/// <param name="tellsMember">Whether reading offsets tells the coordinator who asks, as members of KIP-848 groups do.</param>
internal sealed class OffsetCommitter(ConsumerContext context, Func<Generation> generation, Action<ErrorCode> outOfGroup, bool tellsMember = false)
{
    private readonly string _group = context.Options.GroupId!;
    private readonly Retrier _retrier = new(context.Cluster);

    public async Task<Dictionary<TopicPartition, OffsetAndMetadata?>> FetchAsync(IReadOnlyCollection<TopicPartition> partitions, TimeSpan timeout, CancellationToken cancellationToken) =>
        await _retrier.RunAsync("committed", timeout, token => AtCoordinatorAsync(connection => FetchOnceAsync(connection, partitions, token), token), cancellationToken);

    /// <summary>Commits, trying again while the error is retriable and there is time.</summary>
    /// <exception cref="CommitFailedException">The group went on without this member.</exception>
    /// <exception cref="KafkaException">A rebalance is under way (REBALANCE_IN_PROGRESS), not authorized, and the like.</exception>
    public async Task CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (offsets.Count == 0) return;
        await _retrier.RunAsync("commit", timeout, token => AtCoordinatorAsync(async connection =>
        {
            await CommitOnceAsync(connection, offsets, token);
            return true;
        }, token), cancellationToken);
    }

    private async Task CommitOnceAsync(NodeConnection connection, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken)
    {
        var now = generation();
        // A member of no generation may not commit what the group gave it.
        bool isMember;
        lock (context.Subscription.Gate) isMember = context.Subscription.IsSubscribed;
        if (isMember && !now.IsMember) throw new CommitFailedException(ErrorCode.UnknownMemberId);

        var errors = await OffsetRequests.CommitAsync(connection, _group, now.MemberId, now.Id, context.Options.GroupInstanceId, offsets, cancellationToken);
        List<string>? unauthorized = null;
        foreach (var (partition, error) in errors)
        {
            switch (error)
            {
                case ErrorCode.None:
                    break;
                case ErrorCode.TopicAuthorizationFailed:
                    (unauthorized ??= []).Add(partition.Topic);
                    break;
                case ErrorCode.GroupAuthorizationFailed:
                    throw error.ToException($"Not authorized to access group: {_group}");
                case ErrorCode.RebalanceInProgress:
                    outOfGroup(error);
                    throw error.ToException("Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition assignment. You can try completing the rebalance by calling poll() and then retry the operation.");
                case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.StaleMemberEpoch:
                    outOfGroup(error);
                    throw new CommitFailedException(error);
                case ErrorCode.FencedInstanceId:
                    throw error.ToException();
                case ErrorCode.UnknownTopicOrPartition:
                    throw error.ToException($"The offset of partition {partition} cannot be committed: {ErrorCodes.Message(error)}");
                default:
                    throw error.ToException();
            }
        }

        if (unauthorized is not null) throw ErrorCode.TopicAuthorizationFailed.ToException($"Not authorized to access topics: [{string.Join(", ", unauthorized.Distinct())}]");
    }

    private async Task<Dictionary<TopicPartition, OffsetAndMetadata?>> FetchOnceAsync(NodeConnection connection, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            var now = generation();
            var isMember = tellsMember && now.IsMember;
            try
            {
                return await OffsetRequests.FetchAsync(
                    connection, _group, partitions, isMember ? now.MemberId : null, isMember ? now.Id : -1, connection.Versions.Supports(ApiKey.OffsetFetch, 7), cancellationToken);
            }
            catch (KafkaException error) when (isMember && error.ErrorCode is ErrorCode.StaleMemberEpoch or ErrorCode.UnknownMemberId)
            {
                // The next heartbeat brings the epoch to ask with, or the end of the membership.
                outOfGroup(error.ErrorCode);
            }

            await Task.Delay(context.Cluster.RetryBackoff.After(failures), context.Time, cancellationToken);
        }
    }

    private async Task<T> AtCoordinatorAsync<T>(Func<NodeConnection, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(await context.Cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken));
        }
        catch (KafkaException error) when (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode))
        {
            context.Cluster.ForgetCoordinator(CoordinatorKind.Group, _group);
            throw;
        }
    }
}
