using Barnabas.Configuration;
using Barnabas.Configuration.Security;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.Gssapi;
using Barnabas.Transport.Sasl.OAuth;
using Barnabas.Transport.Sasl.Scram;

namespace Barnabas.Client.Security;

/// <summary>Makes the client's side of SASL exchanges by Kafka's names.</summary>
/// <param name="Mechanism">sasl.mechanism.</param>
/// <param name="NewExchange">Makes one exchange with the node of a host.</param>
internal sealed record SaslClients(string Mechanism, Func<string, ISaslClient> NewExchange)
{
    private const string JaasKey = "sasl.jaas.config";
    private const string ExtensionPrefix = "extension_";
    private static readonly TimeSpan TokenTimeout = TimeSpan.FromSeconds(10);

    /// <exception cref="ConfigException">The mechanism is not known, or its login is missing or malformed.</exception>
    public static SaslClients Create(SaslOptions options, ClientEnvironment environment)
    {
        var mechanism = options.Mechanism;
        if (ScramMechanism.Find(mechanism) is { } scram)
        {
            var login = LoginOf(options);
            var isToken = string.Equals(login["tokenauth"], "true", StringComparison.OrdinalIgnoreCase);
            var (user, password) = (Required(login, "username"), Required(login, "password"));
            return new(mechanism, _ => new ScramClient(scram, user, password, isToken));
        }
        switch (mechanism)
        {
            case SaslMechanisms.Plain:
                var plain = LoginOf(options);
                var (name, secret) = (Required(plain, "username"), Required(plain, "password"));
                return new(mechanism, _ => new PlainClient(name, secret));
            case SaslMechanisms.OAuthBearer:
                var oauth = LoginOf(options);
                var tokenOf = TokenSourceOf(options, oauth, environment);
                var extensions = oauth.Options.Where(option => option.Key.StartsWith(ExtensionPrefix, StringComparison.Ordinal)).ToDictionary(option => option.Key[ExtensionPrefix.Length..], option => option.Value);
                return new(mechanism, _ => new OAuthBearerClient(tokenOf, extensions));
            case SaslMechanisms.Gssapi:
                var kerberos = KerberosLogin.Of(LoginOf(options), options["sasl.kerberos.service.name"]);
                var tickets = TicketsOf(kerberos);
                return new(mechanism, host => new GssapiClient(tickets, kerberos.ServiceName, host));
            default:
                throw new ConfigException("sasl.mechanism", mechanism, "this client does not speak it");
        }
    }

    /// <summary>A token endpoint where one is configured; else a token that nobody signs, where the login asks for one.</summary>
    private static Func<CancellationToken, ValueTask<string>> TokenSourceOf(SaslOptions options, JaasEntry login, ClientEnvironment environment)
    {
        const string UrlKey = "sasl.oauthbearer.token.endpoint.url";
        if (options[UrlKey] is { Length: > 0 } url)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
                throw new ConfigException(UrlKey, url, "it has to be an https address");
            var id = options["sasl.oauthbearer.client.credentials.client.id"] ?? Required(login, "clientId");
            var secret = options["sasl.oauthbearer.client.credentials.client.secret"] ?? Required(login, "clientSecret");
            var endpoint = new TokenEndpoint(address, id, secret, options["sasl.oauthbearer.scope"] ?? login["scope"], options["sasl.oauthbearer.header.urlencode"] == "true", TokenTimeout, environment.Time);
            return endpoint.GetAsync;
        }
        if (!UnsecuredTokens.AreAskedFor(login.Options))
            throw new ConfigException($"OAUTHBEARER needs {UrlKey}, or a login with unsecuredLogin options for a token that nobody signs");
        return _ => new ValueTask<string>(UnsecuredTokens.Create(login.Options, environment.Time.GetUtcNow()));
    }

    private static GssapiLogin TicketsOf(KerberosLogin login)
    {
        try
        {
            return new GssapiLogin(login.Principal, login.UsesKeyTab, login.KeyTab, login.UsesTicketCache, login.TicketCache);
        }
        catch (ArgumentException e)
        {
            throw new ConfigException($"{JaasKey}: {e.Message}");
        }
    }

    private static JaasEntry LoginOf(SaslOptions options)
    {
        var text = options[JaasKey]
            ?? throw new ConfigException("Could not find a 'KafkaClient' entry in the JAAS configuration. Set sasl.jaas.config, or name a login file by " + LoginModules.FileProperty + "FILE in KAFKA_OPTS");
        var entry = JaasConfig.ParseSingle(JaasKey, text);
        return LoginModules.SpeaksFor(entry, options.Mechanism) ? entry : throw new ConfigException($"sasl.jaas.config: {entry.Module} does not speak for {options.Mechanism}");
    }

    private static string Required(JaasEntry login, string option) =>
        login[option] is { Length: > 0 } value ? value : throw new ConfigException($"sasl.jaas.config: the option {option} of {login.Module} is missing");
}
