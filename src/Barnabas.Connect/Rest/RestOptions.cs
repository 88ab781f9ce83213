using Barnabas.Configuration;
using Barnabas.Connect.Worker;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>Where the REST API listens, and what its answers have beside what was asked for. Immutable.</summary>
internal sealed record RestOptions
{
    private const string ListenersKey = "listeners";
    private const string AdminListenersKey = "admin.listeners";

    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<RestListener> Listeners { get; init; }

    /// <summary>The certificates of these listeners, and for requests to other workers; null where there are none.</summary>
    public required TlsContext? Tls { get; init; }

    /// <summary>Where <c>/admin</c> is (KIP-495): null for beside the rest, empty for nowhere.</summary>
    public required IReadOnlyList<RestListener>? AdminListeners { get; init; }

    /// <summary>The certificates of those; null where there are none.</summary>
    public required TlsContext? AdminTls { get; init; }

    /// <summary>Who may use it; null for everybody.</summary>
    public required BasicAuthentication? Users { get; init; }

    /// <summary>Headers of all answers but those of admin listeners.</summary>
    public required ResponseHeaders Headers { get; init; }

    /// <summary>Which web pages may use it, at other than admin listeners; null for none of others.</summary>
    public required CrossOrigin? Origins { get; init; }

    /// <summary>As a worker is configured.</summary>
    /// <exception cref="ConfigException">A value is not valid, or certificates cannot be read.</exception>
    public static RestOptions Of(WorkerConfig config, TimeProvider time, ILogger logger)
    {
        var listeners = Parse(ListenersKey);
        var adminListeners = config.Values.IsGiven(AdminListenersKey) ? Parse(AdminListenersKey) : null;
        return new RestOptions
        {
            Listeners = listeners,
            Tls = RestTls.Of(config, ListenersKey, listeners, time, logger),
            AdminListeners = adminListeners,
            AdminTls = adminListeners is { Count: > 0 } ? RestTls.Of(config, AdminListenersKey, adminListeners, time, logger) : null,
            Users = BasicAuthentication.Of(config, logger),
            Headers = ResponseHeaders.Parse(config.Values.GetString(ResponseHeaders.Key)),
            Origins = CrossOrigin.Of(config.Values.GetString(CrossOrigin.OriginsKey), config.Values.GetString(CrossOrigin.MethodsKey)),
        };

        List<RestListener> Parse(string key) => [.. config.Values.GetList(key).Select(listener => RestListener.Parse(key, listener))];
    }
}
