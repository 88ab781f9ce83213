using System.Runtime.CompilerServices;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Cli.Server.Otlp;

/// <summary>Where and how often telemetry is sent.</summary>
/// <param name="Endpoint">The collector's address, without the path of a signal.</param>
/// <param name="Interval">The time between two exports of metrics.</param>
/// <param name="TracesRatio">The share of requests that are sent as spans.</param>
/// <param name="NodeId">The node.</param>
internal sealed record OtlpOptions(Uri Endpoint, TimeSpan Interval, double TracesRatio, int NodeId)
{
    /// <returns>null where nothing is exported.</returns>
    /// <exception cref="ConfigException">The address is none of a collector.</exception>
    public static OtlpOptions? Of(BrokerConfig config)
    {
        if (config.GetOptionalString("barnabas.otlp.endpoint") is not { Length: > 0 } address)
            return null;
        return Of(config, address);
    }

    // Of its own: a start that exports nothing does not load what parses addresses.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OtlpOptions Of(BrokerConfig config, string address)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new ConfigException("barnabas.otlp.endpoint", address, "must be an http or https address, as http://localhost:4318");
        return new OtlpOptions(
            endpoint, TimeSpan.FromMilliseconds(config.GetInt("barnabas.otlp.interval.ms")), config.GetDouble("barnabas.otlp.traces.ratio"), config.NodeId);
    }
}
