using System.Net;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Decides over client quotas. Lives on the controller's thread.</summary>
internal sealed class ClientQuotaControlManager(ControllerState state)
{
    internal ControllerResult<AlterClientQuotasResponse> Alter(AlterClientQuotasRequest request)
    {
        var records = new RecordList();
        var results = new List<(ClientQuotaEntity Entity, AlterClientQuotasRequest.EntryData Entry, ApiError Error)>();
        foreach (var entry in request.Entries)
        {
            var (entity, error) = Alter(entry, results, records);
            results.RemoveAll(r => r.Entity.Equals(entity));
            results.Add((entity, entry, error));
        }
        var response = new AlterClientQuotasResponse();
        foreach (var (_, entry, error) in results)
        {
            response.Entries.Add(new()
            {
                ErrorCode = error.Code,
                ErrorMessage = error.Text,
                Entity = entry.Entity.ConvertAll(e => new AlterClientQuotasResponse.EntityData { EntityType = e.EntityType, EntityName = e.EntityName }),
            });
        }
        return ControllerResult.Of(request.ValidateOnly ? [] : records.Records, response);
    }

    private (ClientQuotaEntity Entity, ApiError Error) Alter(
        AlterClientQuotasRequest.EntryData entry, List<(ClientQuotaEntity Entity, AlterClientQuotasRequest.EntryData Entry, ApiError Error)> earlier, RecordList records)
    {
        // The first of two names of one type stands for both until the entry is refused.
        var entity = new ClientQuotaEntity(entry.Entity.GroupBy(e => e.EntityType, StringComparer.Ordinal)
            .Select(g => new KeyValuePair<string, string?>(g.Key, g.First().EntityName)));
        var start = records.Count;
        try
        {
            if (earlier.Exists(e => e.Entity.Equals(entity))) throw Invalid($"Ignoring duplicate entity {entity}");
            if (entry.Ops.GroupBy(o => o.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw Invalid($"Duplicate quota key {twice.Key} not updating quota for this entity {entity}");
            }
            ValidateEntity(entry.Entity);
            var isIp = ValidateCombination(entity);
            var current = state.Image.ClientQuotas.Entities.GetValueOrDefault(entity);
            foreach (var op in entry.Ops)
            {
                if (op.Remove)
                {
                    if (current?.ContainsKey(op.Key) == true) records.Add(Record(entity, op.Key, 0, remove: true));
                    continue;
                }
                ClientQuotaKeys.Validate(op.Key, op.Value, isIp);
                if (current is null || !current.TryGetValue(op.Key, out var value) || !value.Equals(op.Value))
                {
                    records.Add(Record(entity, op.Key, op.Value, remove: false));
                }
            }
            return (entity, ApiError.None);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.InvalidRequest)
        {
            records.CutTo(start);
            return (entity, ApiError.From(e));
        }
    }

    private static void ValidateEntity(List<AlterClientQuotasRequest.EntityData> entity)
    {
        if (entity.Count == 0) throw Invalid("Invalid empty client quota entity");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in entity)
        {
            if (!seen.Add(part.EntityType)) throw Invalid($"Invalid client quota entity, duplicate entity entry {part.EntityType}");
            if (part.EntityType is not (ClientQuotaKeys.User or ClientQuotaKeys.ClientId or ClientQuotaKeys.Ip))
            {
                throw Invalid($"Unhandled client quota entity type: {part.EntityType}");
            }
            if (part.EntityName is { Length: 0 }) throw Invalid($"Empty {part.EntityType} not supported");
        }
    }

    private static bool ValidateCombination(ClientQuotaEntity entity)
    {
        if (!entity.Entries.TryGetValue(ClientQuotaKeys.Ip, out var ip)) return false;
        if (entity.Entries.Count > 1) throw Invalid("Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId");
        if (ip is not null && !IPAddress.TryParse(ip, out _) && !Resolves(ip)) throw Invalid($"{ip} is not a valid IP or resolvable host.");
        return true;
    }

    private static bool Resolves(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host).Length > 0;
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException)
        {
            return false;
        }
    }

    private static ClientQuotaRecord Record(ClientQuotaEntity entity, string key, double value, bool remove) => new()
    {
        Entity = [.. entity.Entries.Select(e => new ClientQuotaRecord.EntityData { EntityType = e.Key, EntityName = e.Value })],
        Key = key,
        Value = value,
        Remove = remove,
    };

    private static KafkaException Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
