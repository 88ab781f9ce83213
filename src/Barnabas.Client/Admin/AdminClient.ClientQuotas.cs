using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>The quotas set for what a filter matches (KIP-546).</summary>
    /// <param name="filter">For each named entity type a name, the default or any; empty for all quotas.</param>
    /// <param name="strict">True to leave out entities with types that the filter does not name.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The filter is not valid, or the cluster refuses.</exception>
    public Task<IReadOnlyList<ClientQuota>> DescribeClientQuotasAsync(
        IReadOnlyCollection<ClientQuotaMatch> filter, bool strict = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyList<ClientQuota>>("describeClientQuotas", timeout, async token =>
        {
            var request = new DescribeClientQuotasRequest { Strict = strict };
            foreach (var match in filter)
                request.Components.Add(new() { EntityType = match.EntityType, MatchType = (sbyte)match.Kind, Match = match.Name });
            var response = await SendToAnyAsync(request, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            return (response.Entries ?? []).ConvertAll(entry => new ClientQuota(
                entry.Entity.ToDictionary(e => e.EntityType, e => e.EntityName, StringComparer.Ordinal),
                entry.Values.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal)));
        }, cancellationToken);

    /// <summary>Sets and removes quotas of one entity; a null value removes.</summary>
    /// <param name="entity">Names by entity type (user, client-id, ip); a null name is the default of the type.</param>
    /// <param name="changes">Values by key.</param>
    /// <param name="validateOnly">True to change nothing.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The entity or a value is not valid, or the cluster refuses.</exception>
    public Task AlterClientQuotasAsync(
        IReadOnlyDictionary<string, string?> entity, IReadOnlyDictionary<string, double?> changes,
        bool validateOnly = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(changes);
        return RunAsync("alterClientQuotas", timeout, async token =>
        {
            var request = new AlterClientQuotasRequest { ValidateOnly = validateOnly };
            request.Entries.Add(new()
            {
                Entity = [.. entity.Select(e => new AlterClientQuotasRequest.EntityData { EntityType = e.Key, EntityName = e.Value })],
                Ops = [.. changes.Select(c => new AlterClientQuotasRequest.OpData { Key = c.Key, Value = c.Value ?? 0, Remove = c.Value is null })],
            });
            // A broker passes it on to the controller, as with configurations.
            var response = await SendToAnyAsync(request, token);
            foreach (var entry in response.Entries)
            {
                ThrowIfControllerMoved(entry.ErrorCode);
                if (entry.ErrorCode != ErrorCode.None) throw entry.ErrorCode.ToException(entry.ErrorMessage);
            }
            return default(Done);
        }, cancellationToken);
    }
}
