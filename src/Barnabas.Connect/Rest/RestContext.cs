using Barnabas.Transport.Http;

namespace Barnabas.Connect.Rest;

/// <summary>A request on its way to an answer. For one request's flow.</summary>
/// <param name="request">The request.</param>
/// <param name="path">Its path, decoded, by segments.</param>
/// <param name="stop">Ends what is under way.</param>
internal sealed class RestContext(HttpRequest request, IReadOnlyList<string> path, CancellationToken stop)
{
    private readonly Dictionary<string, string> _parameters = [];
    private IReadOnlyList<KeyValuePair<string, string>>? _query;

    public HttpRequest Request { get; } = request;

    public HttpAnswer Answer { get; } = new();

    /// <summary>The path, decoded, by segments.</summary>
    public IReadOnlyList<string> Path { get; } = path;

    public CancellationToken Stop { get; } = stop;

    /// <summary>The query, decoded, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query => _query ??= UrlText.Query(Request.Query);

    /// <summary>The segment in the place of a parameter of the route.</summary>
    public string Parameter(string name) => _parameters[name];

    /// <summary>The first value of a name in the query; null where it is missing.</summary>
    public string? QueryValue(string name)
    {
        foreach (var (given, value) in Query)
            if (given == name) return value;
        return null;
    }

    /// <summary>Whether the query says so.</summary>
    public bool Flag(string name) => string.Equals(QueryValue(name), "true", StringComparison.OrdinalIgnoreCase);

    public void Set(string parameter, string value) => _parameters[parameter] = value;
}
