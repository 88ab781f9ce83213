using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

// Calls whose keys are group ids and go to each one's coordinator.
public sealed partial class AdminClient
{
    private async Task ForEachCoordinatorAsync<TValue>(
        KeyedCall<string, TValue> call, IReadOnlyList<string> groups, Func<NodeConnection, string, CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        await Task.WhenAll(groups.Select(async group =>
        {
            try
            {
                var connection = await _cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, group, cancellationToken);
                await ask(connection, group, cancellationToken);
            }
            catch (KafkaException error)
            {
                if (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode)) _cluster.ForgetCoordinator(CoordinatorKind.Group, group);
                lock (call)
                {
                    if (ErrorClassification.IsRetriable(error)) call.Retry(group, error);
                    else call.Fail(group, error);
                }
            }
        }));
    }

    private async Task<T> AtCoordinatorAsync<T>(string groupId, Func<NodeConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, groupId, cancellationToken);
            return await ask(connection, cancellationToken);
        }
        catch (KafkaException error) when (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode))
        {
            _cluster.ForgetCoordinator(CoordinatorKind.Group, groupId);
            throw;
        }
    }

    /// <summary>The groups of all brokers.</summary>
    /// <param name="states">Only those in one of these states (KIP-518); all when empty.</param>
    /// <param name="types">Only those of one of these types (KIP-848); all when empty.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">A broker refuses or does not answer in time.</exception>
    public Task<IReadOnlyList<GroupListing>> ListGroupsAsync(
        IReadOnlyCollection<string> states, IReadOnlyCollection<string> types, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyList<GroupListing>>("listGroups", timeout, async token =>
        {
            var snapshot = await _cluster.Metadata.RefreshAsync(token);
            var answers = await Task.WhenAll(snapshot.Nodes.Values.Select(node => ListGroupsAsync(node, states, types, token)));
            var groups = new SortedDictionary<string, GroupListing>(StringComparer.Ordinal);
            foreach (var group in answers.SelectMany(answer => answer)) groups.TryAdd(group.GroupId, group);
            return [.. groups.Values];
        }, cancellationToken);

    private async Task<List<GroupListing>> ListGroupsAsync(Node node, IReadOnlyCollection<string> states, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
    {
        var connection = await _cluster.ConnectAsync(node, ConnectionRole.Regular, cancellationToken);
        // An older node would answer with all groups, which is not what was asked.
        var version = connection.Versions.Choose(ApiKey.ListGroups, lowest: types.Count > 0 ? (short)5 : states.Count > 0 ? (short)4 : (short)0);
        var request = new ListGroupsRequest { StatesFilter = [.. states], TypesFilter = [.. types] };
        var response = await connection.SendAsync(request, version, cancellationToken);
        if (response.ErrorCode is ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable || response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
        return response.Groups.ConvertAll(group => new GroupListing(
            group.GroupId, group.ProtocolType, version >= 4 && group.GroupState.Length > 0 ? group.GroupState : null, version >= 5 && group.GroupType.Length > 0 ? group.GroupType.ToLowerInvariant() : null));
    }

    /// <summary>Deletes groups that have no members, with their offsets.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<Done>>> DeleteGroupsAsync(IReadOnlyCollection<string> groupIds, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, Done>("deleteConsumerGroups", groupIds);
        return RunAsync(call, timeout, (open, token) => ForEachCoordinatorAsync(call, open, async (connection, group, inner) =>
        {
            var response = await connection.SendAsync(new DeleteGroupsRequest { GroupsNames = [group] }, inner);
            foreach (var result in response.Results)
            {
                if (result.ErrorCode != ErrorCode.None) throw result.ErrorCode.ToException();
                lock (call) call.Succeed(result.GroupId, default);
            }
        }, token), cancellationToken);
    }
}
