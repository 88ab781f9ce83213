using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>Which quotas a description is asked for: for each named entity type a name, the default, or any.</summary>
public sealed class ClientQuotaFilter
{
    private const sbyte Exact = 0;
    private const sbyte Default = 1;
    private const sbyte Specified = 2;

    private readonly Dictionary<string, string?> _exact = new(StringComparer.Ordinal);
    private readonly HashSet<string> _any = new(StringComparer.Ordinal);
    private readonly bool _isStrict;

    /// <summary>Takes a request's filter.</summary>
    /// <exception cref="KafkaException">INVALID_REQUEST or UNSUPPORTED_VERSION, in Kafka's words.</exception>
    public ClientQuotaFilter(DescribeClientQuotasRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _isStrict = request.Strict;
        foreach (var component in request.Components) Add(component);
        if (Names(ClientQuotaKeys.Ip) && (Names(ClientQuotaKeys.User) || Names(ClientQuotaKeys.ClientId)))
        {
            throw Invalid("Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.");
        }
    }

    /// <summary>True when the entity is asked for; a strict filter wants no types but its own.</summary>
    public bool Matches(ClientQuotaEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (_isStrict && entity.Entries.Count != _exact.Count + _any.Count) return false;
        foreach (var (type, name) in _exact)
        {
            if (!entity.Entries.TryGetValue(type, out var actual) || actual != name) return false;
        }
        return _any.All(entity.Entries.ContainsKey);
    }

    private void Add(DescribeClientQuotasRequest.ComponentData component)
    {
        var type = component.EntityType;
        if (type.Length == 0) throw Invalid("Invalid empty entity type.");
        if (Names(type)) throw Invalid($"Entity type {type} cannot appear more than once in the filter.");
        if (type is not (ClientQuotaKeys.Ip or ClientQuotaKeys.User or ClientQuotaKeys.ClientId))
        {
            throw new KafkaException(ErrorCode.UnsupportedVersion, $"Unsupported entity type {type}");
        }
        switch (component.MatchType)
        {
            case Exact:
                _exact[type] = component.Match ?? throw Invalid("Request specified MATCH_TYPE_EXACT, but set match string to null.");
                break;
            case Default:
                if (component.Match is not null) throw Invalid("Request specified MATCH_TYPE_DEFAULT, but also specified a match string.");
                _exact[type] = null;
                break;
            case Specified:
                if (component.Match is not null) throw Invalid("Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.");
                _any.Add(type);
                break;
            default:
                throw Invalid($"Unknown match type {component.MatchType}");
        }
    }

    private bool Names(string type) => _exact.ContainsKey(type) || _any.Contains(type);

    private static KafkaException Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
