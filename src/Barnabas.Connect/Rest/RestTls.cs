using Barnabas.Configuration;
using Barnabas.Connect.Worker;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>The certificates of the REST API: <c>listeners.https.ssl.*</c>, all of them or none; without any the worker's own <c>ssl.*</c>. So it is with <c>admin.listeners.https.ssl.*</c>.</summary>
internal static class RestTls
{
    /// <summary>For https listeners, and for requests to other workers that have such; null for a worker without.</summary>
    /// <exception cref="ConfigException">A store cannot be read, or an https listener has no certificate.</exception>
    public static TlsContext? Of(WorkerConfig config, string listenersKey, IReadOnlyList<RestListener> listeners, TimeProvider time, ILogger logger)
    {
        var all = config.Values.Originals;
        var own = $"{listenersKey}.https.";
        var prefix = all.Keys.Any(name => name.StartsWith(own + "ssl.", StringComparison.Ordinal)) ? own : "";
        var listens = listeners.Any(listener => listener.IsTls);
        if (!listens && !all.Keys.Any(name => name.StartsWith(prefix + "ssl.", StringComparison.Ordinal))) return null;
        try
        {
            var context = new TlsContext(new TlsSettings(name => all.GetValueOrDefault(prefix + name)), time, logger);
            if (listens && !context.HasCertificate)
                throw new ConfigException($"An https listener needs a certificate: set {own}ssl.keystore.location, or {own}ssl.keystore.type=PEM with {own}ssl.keystore.certificate.chain and {own}ssl.keystore.key");
            return context;
        }
        catch (TlsException error)
        {
            throw new ConfigException(error.Message);
        }
    }
}
