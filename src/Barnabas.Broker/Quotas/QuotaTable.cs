using Barnabas.Metadata.Image;

namespace Barnabas.Broker.Quotas;

/// <summary>The values of one quota key by whom they are set for. Immutable.</summary>
internal sealed class QuotaTable
{
    private readonly Dictionary<Entity, double> _limits = [];

    public QuotaTable(ClientQuotasImage image, string key)
    {
        foreach (var (entity, quotas) in image.Entities)
        {
            if (quotas.TryGetValue(key, out var limit) && !entity.Entries.ContainsKey(ClientQuotaKeys.Ip))
                _limits[new Entity(Of(entity, ClientQuotaKeys.User), Of(entity, ClientQuotaKeys.ClientId))] = limit;
        }
    }

    public bool IsEmpty => _limits.Count == 0;

    /// <summary>
    /// Kafka's order: user and client id, user and default client id, user, default user and client id, default user and default client id,
    /// default user, client id, default client id.
    /// </summary>
    /// <returns>The limit, and who shares it: all of a user, all of a client id, or both together.</returns>
    public QuotaMatch Find(string user, string clientId)
    {
        var u = Name.Of(user);
        var c = Name.Of(clientId);
        if (Try(u, c, out var limit) || Try(u, Name.Default, out limit))
            return new QuotaMatch(user, clientId, limit);
        if (Try(u, Name.None, out limit))
            return new QuotaMatch(user, "", limit);
        if (Try(Name.Default, c, out limit) || Try(Name.Default, Name.Default, out limit))
            return new QuotaMatch(user, clientId, limit);
        if (Try(Name.Default, Name.None, out limit))
            return new QuotaMatch(user, "", limit);
        if (Try(Name.None, c, out limit) || Try(Name.None, Name.Default, out limit))
            return new QuotaMatch("", clientId, limit);
        return new QuotaMatch("", clientId, double.PositiveInfinity);
    }

    private bool Try(Name user, Name client, out double limit) => _limits.TryGetValue(new Entity(user, client), out limit);

    private static Name Of(ClientQuotaEntity entity, string type) =>
        !entity.Entries.TryGetValue(type, out var name) ? Name.None : name is null ? Name.Default : Name.Of(name);

    private readonly record struct Name(bool IsSet, string? Value)
    {
        public static readonly Name None = new(false, null);
        public static readonly Name Default = new(true, null);

        public static Name Of(string name) => new(true, name);
    }

    private readonly record struct Entity(Name User, Name Client);
}

/// <summary>The limit that holds for a client, and the name it is counted under.</summary>
/// <param name="User">The user, empty where the limit is shared by client id alone.</param>
/// <param name="ClientId">The client id, empty where all of a user's share the limit.</param>
/// <param name="Limit">Units a second; infinite where none is set.</param>
internal readonly record struct QuotaMatch(string User, string ClientId, double Limit)
{
    public bool IsUnlimited => double.IsPositiveInfinity(Limit);
}
