using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Barnabas.Configuration;
using Barnabas.Connect.Worker;

namespace Barnabas.Connect;

/// <summary>How other workers and users reach a worker.</summary>
/// <param name="Id">As states name it: host:port.</param>
/// <param name="Url">Its REST API.</param>
internal sealed record WorkerAddress(string Id, string Url)
{
    /// <summary>As configured; else that of the first listener of the advertised kind, http before https, with this machine's address where it listens on all.</summary>
    /// <exception cref="ConfigException">The kind is neither http nor https.</exception>
    public static WorkerAddress Of(WorkerConfig config, IReadOnlyCollection<string> addresses)
    {
        List<Uri> listeners = [.. addresses.Select(address => new Uri(address.Replace("//*", "//0.0.0.0", StringComparison.Ordinal)))];
        var scheme = config.Values.FindString("rest.advertised.listener")?.ToLowerInvariant() ?? (listeners.Exists(uri => uri.Scheme == "http") ? "http" : "https");
        if (scheme is not ("http" or "https")) throw new ConfigException("rest.advertised.listener", scheme, "String must be one of (case insensitive): http, https");
        var listener = listeners.Find(uri => uri.Scheme == scheme) ?? listeners[0];
        var host = config.Values.FindString("rest.advertised.host.name") ?? (listener.Host is "0.0.0.0" or "[::]" or "::" ? MachineAddress(config.IsDistributed) : listener.Host);
        var port = config.Values.IsGiven("rest.advertised.port") ? config.Values.GetInt("rest.advertised.port") : listener.Port;
        var id = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        return new WorkerAddress(id, $"{scheme}://{id}/");
    }

    private static string MachineAddress(bool isForOthers)
    {
        if (!isForOthers) return "127.0.0.1";
        try
        {
            return Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)?.ToString() ?? "127.0.0.1";
        }
        catch (SocketException)
        {
            // A machine whose name nobody resolves is reached by nobody else.
            return "127.0.0.1";
        }
    }
}
