using System.Collections.Immutable;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>What a quota is for: entity types (user, client-id, ip) and names, where a null name means the default.</summary>
public sealed class ClientQuotaEntity : IEquatable<ClientQuotaEntity>
{
    private readonly string _key;

    /// <summary>Makes an entity; the order of the entries does not matter.</summary>
    public ClientQuotaEntity(IEnumerable<KeyValuePair<string, string?>> entries)
    {
        Entries = entries.ToImmutableSortedDictionary(StringComparer.Ordinal);
        // Lengths keep different entries apart whatever characters a name has.
        _key = string.Concat(Entries.Select(e => $"{e.Key.Length}:{e.Key}{(e.Value is null ? "-" : $"{e.Value.Length}:{e.Value}")}"));
    }

    /// <summary>The names by entity type; a null name is the default of that type.</summary>
    public ImmutableSortedDictionary<string, string?> Entries { get; }

    /// <inheritdoc/>
    public bool Equals(ClientQuotaEntity? other) => other is not null && _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClientQuotaEntity);

    /// <summary>As Kafka's messages name it.</summary>
    public override string ToString() =>
        $"ClientQuotaEntity(entries={{{string.Join(", ", Entries.Select(e => $"{e.Key}={e.Value ?? "null"}"))}}})";

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_key, StringComparison.Ordinal);
}

/// <summary>All client quotas. Immutable.</summary>
public sealed class ClientQuotasImage
{
    internal ClientQuotasImage(ImmutableDictionary<ClientQuotaEntity, ImmutableSortedDictionary<string, double>> entities) =>
        Entities = entities;

    /// <summary>The image without quotas.</summary>
    public static ClientQuotasImage Empty { get; } =
        new(ImmutableDictionary<ClientQuotaEntity, ImmutableSortedDictionary<string, double>>.Empty);

    /// <summary>The quota values by key, of every entity that has any.</summary>
    public ImmutableDictionary<ClientQuotaEntity, ImmutableSortedDictionary<string, double>> Entities { get; }

    internal ClientQuotasImage Replay(ClientQuotaRecord record)
    {
        var entity = new ClientQuotaEntity(record.Entity.Select(e => new KeyValuePair<string, string?>(e.EntityType, e.EntityName)));
        var quotas = Entities.GetValueOrDefault(entity, ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal));
        quotas = record.Remove ? quotas.Remove(record.Key) : quotas.SetItem(record.Key, record.Value);
        return new ClientQuotasImage(quotas.IsEmpty ? Entities.Remove(entity) : Entities.SetItem(entity, quotas));
    }

    internal void Write(ImageWriter writer)
    {
        foreach (var (entity, quotas) in Entities)
        {
            foreach (var (key, value) in quotas)
            {
                var record = new ClientQuotaRecord { Key = key, Value = value };
                foreach (var (type, name) in entity.Entries)
                {
                    record.Entity.Add(new ClientQuotaRecord.EntityData { EntityType = type, EntityName = name });
                }
                writer.Write(record);
            }
        }
    }
}
