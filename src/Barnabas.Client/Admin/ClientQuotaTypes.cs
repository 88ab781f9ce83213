namespace Barnabas.Client.Admin;

/// <summary>How a filter of quotas matches names; the numbers are the protocol's.</summary>
public enum ClientQuotaMatchKind : sbyte
{
    /// <summary>One name.</summary>
    Exact = 0,

    /// <summary>The default of the type.</summary>
    Default = 1,

    /// <summary>Any name and the default.</summary>
    Any = 2,
}

/// <summary>What a filter of quotas says of one entity type.</summary>
/// <param name="EntityType">user, client-id or ip.</param>
/// <param name="Kind">How names match.</param>
/// <param name="Name">The name of an exact match, else null.</param>
public readonly record struct ClientQuotaMatch(string EntityType, ClientQuotaMatchKind Kind, string? Name = null);

/// <summary>The quotas of one entity.</summary>
/// <param name="Entity">Names by entity type; a null name is the default of the type.</param>
/// <param name="Values">Values by key, as producer_byte_rate.</param>
public sealed record ClientQuota(IReadOnlyDictionary<string, string?> Entity, IReadOnlyDictionary<string, double> Values);
