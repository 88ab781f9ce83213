using Barnabas.Configuration;
using Barnabas.Connect.Worker;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>The certificates of the REST API: <c>listeners.https.ssl.*</c>, all of them or none; without any the worker's own <c>ssl.*</c>.</summary>
internal static class RestTls
{
    private const string Prefix = "listeners.https.";

    /// <summary>For https listeners, and for requests to other workers that have such; null for a worker without.</summary>
    /// <exception cref="ConfigException">A store cannot be read, or an https listener has no certificate.</exception>
    public static TlsContext? Of(WorkerConfig config, TimeProvider time, ILogger logger)
    {
        var all = config.Values.Originals;
        var prefix = all.Keys.Any(name => name.StartsWith(Prefix + "ssl.", StringComparison.Ordinal)) ? Prefix : "";
        var listens = config.Values.GetList("listeners").Any(listener => RestListener.Parse(listener).IsTls);
        if (!listens && !all.Keys.Any(name => name.StartsWith(prefix + "ssl.", StringComparison.Ordinal))) return null;
        try
        {
            var context = new TlsContext(new TlsSettings(name => all.GetValueOrDefault(prefix + name)), time, logger);
            if (listens && !context.HasCertificate)
                throw new ConfigException($"An https listener needs a certificate: set {Prefix}ssl.keystore.location, or {Prefix}ssl.keystore.type=PEM with {Prefix}ssl.keystore.certificate.chain and {Prefix}ssl.keystore.key");
            return context;
        }
        catch (TlsException error)
        {
            throw new ConfigException(error.Message);
        }
    }
}
