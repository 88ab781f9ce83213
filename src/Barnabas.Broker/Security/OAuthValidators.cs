using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Security;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.OAuth;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Security;

/// <summary>Makes what decides over bearer tokens on a listener. Tokens that nobody signed are believed only where Kafka's class for that is named.</summary>
internal static class OAuthValidators
{
    private const string Handler = "sasl.server.callback.handler.class";
    private const string UnsecuredHandler = "OAuthBearerUnsecuredValidatorCallbackHandler";
    private const string ValidatorClass = "sasl.oauthbearer.jwt.validator.class";
    private const string JwksUrl = "sasl.oauthbearer.jwks.endpoint.url";
    private static readonly string[] Validators = ["DefaultJwtValidator", "BrokerJwtValidator"];

    /// <exception cref="ConfigException">Nothing says how tokens are checked.</exception>
    public static IJwtValidator Create(ListenerConfig own, JaasEntry login, TimeProvider time, ILogger logger)
    {
        var handler = own.MechanismText(SaslMechanisms.OAuthBearer, Handler) ?? own.OwnText(Handler) ?? "";
        if (handler.EndsWith("." + UnsecuredHandler, StringComparison.Ordinal))
            return new UnsecuredJwtValidator(UnsecuredRules(login), time);
        var validator = Text(own, ValidatorClass) ?? "";
        if (validator.Length > 0 && !Validators.Contains(validator[(validator.LastIndexOf('.') + 1)..]))
            throw new ConfigException(ValidatorClass, validator, "validators are Java classes; this broker has Kafka's own alone");
        if (!Uri.TryCreate(Text(own, JwksUrl), UriKind.Absolute, out var address) || !(address.IsFile || address.Scheme is "https" or "http"))
        {
            throw new ConfigException(JwksUrl, Text(own, JwksUrl),
                $"listener {own.ListenerName} needs the address of the provider's keys (https, http or file); tokens that nobody signed are believed only with {Handler}=org.apache.kafka.common.security.oauthbearer.internals.unsecured.{UnsecuredHandler}");
        }
        var rules = new JwtRules
        {
            Issuer = Text(own, "sasl.oauthbearer.expected.issuer") is { Length: > 0 } issuer ? issuer : null,
            Audiences = (Text(own, "sasl.oauthbearer.expected.audience") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            SubjectClaim = Text(own, "sasl.oauthbearer.sub.claim.name") ?? "sub",
            ScopeClaim = Text(own, "sasl.oauthbearer.scope.claim.name") ?? "scope",
            ClockSkew = TimeSpan.FromSeconds(Number(own, "sasl.oauthbearer.clock.skew.seconds")),
        };
        return new JwksValidator(address, rules, Time("refresh.ms"), Time("retry.backoff.ms"), Time("retry.backoff.max.ms"), time, logger);

        TimeSpan Time(string key) => TimeSpan.FromMilliseconds(Number(own, "sasl.oauthbearer.jwks.endpoint." + key));
    }

    private static JwtRules UnsecuredRules(JaasEntry login) => new()
    {
        SubjectClaim = login["unsecuredValidatorPrincipalClaimName"] ?? "sub",
        ScopeClaim = login["unsecuredValidatorScopeClaimName"] ?? "scope",
        RequiredScopes = (login["unsecuredValidatorRequiredScope"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ClockSkew = TimeSpan.FromMilliseconds(long.TryParse(login["unsecuredValidatorAllowableClockSkewMs"], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : 0),
        RequiresIssuedAt = false,
    };

    private static string? Text(ListenerConfig own, string key) => own.MechanismText(SaslMechanisms.OAuthBearer, key) ?? own.Text(key);

    private static long Number(ListenerConfig own, string key) => long.Parse(Text(own, key)!, CultureInfo.InvariantCulture);
}
