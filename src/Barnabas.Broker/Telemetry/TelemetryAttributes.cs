using System.Globalization;
using Barnabas.Broker.Requests;

namespace Barnabas.Broker.Telemetry;

/// <summary>What subscriptions can match of a client.</summary>
internal static class TelemetryAttributes
{
    public static Dictionary<string, string> Of(RequestContext context) => new(StringComparer.Ordinal)
    {
        ["client_id"] = context.ClientId ?? "",
        ["client_software_name"] = context.Connection.SoftwareName,
        ["client_software_version"] = context.Connection.SoftwareVersion,
        ["client_source_address"] = context.ClientAddress.ToString(),
        ["client_source_port"] = context.Connection.RemoteEndPoint.Port.ToString(CultureInfo.InvariantCulture),
    };
}
