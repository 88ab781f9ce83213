using System.Globalization;
using Barnabas.Broker.Cache;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Security;
using Barnabas.Metadata.Security;
using Barnabas.Transport;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.OAuth;
using Barnabas.Transport.Sasl.Scram;
using Barnabas.Transport.Server;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Security;

/// <summary>
/// The security of one listener: TLS under its connections and who its clients are. Follows changes of the configuration
/// on the metadata publisher's thread; new connections use what is new.
/// </summary>
internal sealed class ListenerSecurity
{
    private readonly Endpoint _endpoint;
    private readonly MetadataCache _metadata;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TlsContext? _tls;
    private readonly SslPrincipalMapper? _mapper;
    private volatile SaslListener? _sasl;
    private string _dynamic = "";

    /// <exception cref="ConfigException">The configuration cannot be served; the message says what to change.</exception>
    public ListenerSecurity(Endpoint endpoint, BrokerConfig config, MetadataCache metadata, TimeProvider time, ILogger logger)
    {
        _endpoint = endpoint;
        _metadata = metadata;
        _time = time;
        _logger = logger;
        var own = new ListenerConfig(config, endpoint.ListenerName);
        if (own.Text("principal.builder.class") is { } builder && !builder.EndsWith(".DefaultKafkaPrincipalBuilder", StringComparison.Ordinal))
            throw new ConfigException("principal.builder.class", builder, "principal builders are Java classes; this broker has Kafka's default alone");
        if (endpoint.SecurityProtocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl)
        {
            _tls = Guarded(() => new TlsContext(TlsSettingsOf(own), time, logger));
            if (!_tls.HasCertificate)
                throw new ConfigException($"Listener {endpoint} needs a certificate: set ssl.keystore.location, or ssl.keystore.type=PEM with ssl.keystore.certificate.chain and ssl.keystore.key");
            _mapper = new SslPrincipalMapper(own.Text("ssl.principal.mapping.rules") ?? "DEFAULT");
        }
        if (endpoint.SecurityProtocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl)
            _sasl = SaslOf(own);
    }

    /// <summary>The transport to listen on.</summary>
    public ITransport Over(ITransport transport) => _tls is null ? transport : new TlsTransport(transport, _tls, _logger);

    /// <summary>What stands before the handler of requests.</summary>
    public IFrameHandler Before(IFrameHandler handler, TimeProvider time) =>
        _sasl is not null ? new SaslFrameHandler(handler, () => _sasl, time, _logger)
        : _mapper is not null ? new TlsFrameHandler(handler, _mapper)
        : handler;

    /// <summary>Follows a change.</summary>
    public void Change(BrokerConfig config)
    {
        var dynamic = DynamicOf(config);
        if (dynamic == _dynamic)
            return;
        _dynamic = dynamic;
        var own = new ListenerConfig(config, _endpoint.ListenerName);
        try
        {
            _tls?.Change(TlsSettingsOf(own));
            if (_sasl is not null)
                _sasl = SaslOf(own);
        }
        catch (Exception e) when (e is TlsException or ConfigException)
        {
            SecurityLog.ChangeFailed(_logger, _endpoint.ListenerName, e.Message);
        }
    }

    /// <summary>What was set at run time and may concern this listener.</summary>
    private static string DynamicOf(BrokerConfig config) => string.Join('\n', config.DynamicDefaultProperties.Concat(config.DynamicBrokerProperties)
        .Where(property => property.Key.Contains("ssl.", StringComparison.Ordinal) || property.Key.Contains("sasl.", StringComparison.Ordinal) || property.Key.Contains("reauth", StringComparison.Ordinal))
        .OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => $"{property.Key}={property.Value}"));

    private TlsSettings TlsSettingsOf(ListenerConfig own) => new(key =>
        // Where SASL says who clients are, certificates are asked for only where the listener itself says so (KIP-684).
        key == "ssl.client.auth" && _endpoint.SecurityProtocol == SecurityProtocol.SaslSsl ? own.OwnText(key) : own.Text(key));

    private SaslListener SaslOf(ListenerConfig own) => new()
    {
        Mechanisms = [.. own.List("sasl.enabled.mechanisms").Select(mechanism => FactoryOf(own, mechanism))],
        MaxReceiveBytes = Number(own.Text("sasl.server.max.receive.size")),
        MaxRequestBytes = own.Broker.SocketRequestMaxBytes,
        FailureDelay = TimeSpan.FromMilliseconds(own.Broker.GetInt("connection.failed.authentication.delay.ms")),
    };

    private SaslServerFactory FactoryOf(ListenerConfig own, string mechanism)
    {
        var maxReauthMs = long.Parse(own.MechanismText(mechanism, "connections.max.reauth.ms") ?? own.Text("connections.max.reauth.ms") ?? "0", CultureInfo.InvariantCulture);
        TimeSpan? maxReauth = maxReauthMs > 0 ? TimeSpan.FromMilliseconds(Math.Min(maxReauthMs, int.MaxValue * 1000L)) : null;
        RefuseHandler(own, mechanism);
        var tokenSecret = DelegationTokenHmac.SecretOf(own.Broker);
        if (ScramMechanism.Find(mechanism) is { } scram)
            return new SaslServerFactory(mechanism, maxReauth, () => new ScramServer(scram, (user, isToken) => ScramCredentials.Find(_metadata.Image, scram, user, isToken, tokenSecret)), name => name);
        return mechanism switch
        {
            SaslMechanisms.Plain => PlainOf(own, maxReauth),
            SaslMechanisms.OAuthBearer => OAuthOf(own, maxReauth),
            SaslMechanisms.Gssapi => KerberosListener.Create(own, LoginOf(own, SaslMechanisms.Gssapi), maxReauth),
            _ => throw new ConfigException("sasl.enabled.mechanisms", mechanism, $"the mechanism is not served on listener {own.ListenerName}"),
        };
    }

    private static SaslServerFactory PlainOf(ListenerConfig own, TimeSpan? maxReauth)
    {
        var users = LoginOf(own, SaslMechanisms.Plain).Options.Where(option => option.Key.StartsWith("user_", StringComparison.Ordinal))
            .ToDictionary(option => option.Key["user_".Length..], option => option.Value, StringComparer.Ordinal);
        return new SaslServerFactory(SaslMechanisms.Plain, maxReauth, () => new PlainServer(user => users.GetValueOrDefault(user)), name => name);
    }

    private SaslServerFactory OAuthOf(ListenerConfig own, TimeSpan? maxReauth)
    {
        var validator = OAuthValidators.Create(own, LoginOf(own, SaslMechanisms.OAuthBearer), _time, _logger);
        return new SaslServerFactory(SaslMechanisms.OAuthBearer, maxReauth, () => new OAuthBearerServer(validator), name => name);
    }

    private static JaasEntry LoginOf(ListenerConfig own, string mechanism)
    {
        const string Key = "sasl.jaas.config";
        var name = $"listener.name.{own.ListenerName.ToLowerInvariant()}.{mechanism.ToLowerInvariant()}.{Key}";
        var text = own.MechanismText(mechanism, Key)
            ?? throw new ConfigException($"Could not find a 'KafkaServer' or '{own.ListenerName.ToLowerInvariant()}.KafkaServer' entry in the JAAS configuration. Set {name}, or name a login file by {LoginModules.FileProperty}FILE in KAFKA_OPTS");
        var entry = JaasConfig.ParseSingle(name, text);
        return LoginModules.SpeaksFor(entry, mechanism) ? entry : throw new ConfigException($"{name}: {entry.Module} does not speak for {mechanism}");
    }

    private static void RefuseHandler(ListenerConfig own, string mechanism)
    {
        const string Key = "sasl.server.callback.handler.class";
        var name = own.MechanismText(mechanism, Key) ?? own.OwnText(Key);
        if (name is { Length: > 0 } && !name.StartsWith("org.apache.kafka.common.security.", StringComparison.Ordinal))
            throw new ConfigException(Key, name, "callback handlers are Java classes; this broker has Kafka's own alone");
    }

    private static int Number(string? text) => int.Parse(text!, CultureInfo.InvariantCulture);

    private static T Guarded<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (TlsException e)
        {
            throw new ConfigException(e.Message);
        }
    }
}
