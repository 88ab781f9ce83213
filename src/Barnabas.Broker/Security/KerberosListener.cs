using Barnabas.Configuration;
using Barnabas.Configuration.Security;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.Gssapi;

namespace Barnabas.Broker.Security;

/// <summary>GSSAPI on a listener: the service's keys by the login, and user names by <c>sasl.kerberos.principal.to.local.rules</c>.</summary>
internal static class KerberosListener
{
    /// <exception cref="ConfigException">The login does not say whose keys, there are none, or a rule is malformed.</exception>
    public static SaslServerFactory Create(ListenerConfig own, JaasEntry entry, TimeSpan? maxReauth)
    {
        var login = KerberosLogin.Of(entry, own.Text("sasl.kerberos.service.name"));
        if (!login.UsesKeyTab || login.Principal is null)
            throw new ConfigException($"Listener {own.ListenerName}: the login of GSSAPI needs useKeyTab=true, keyTab and principal (as \"{login.ServiceName}/HOST@REALM\")");
        var principal = KerberosName.Parse(login.Principal);
        if (principal.Host is null)
            throw new ConfigException($"Listener {own.ListenerName}: the principal {login.Principal} names no host; clients ask for {login.ServiceName}/HOST");
        try
        {
            var service = new GssapiService(login.Principal, login.KeyTab);
            var namer = new KerberosShortNamer(GssapiService.DefaultRealm, own.List("sasl.kerberos.principal.to.local.rules"));
            return new SaslServerFactory(SaslMechanisms.Gssapi, maxReauth, service.NewExchange, NameOf);

            string NameOf(string name)
            {
                try
                {
                    return namer.ShortName(name);
                }
                catch (ConfigException e)
                {
                    throw new SaslException($"Failed to set name for '{name}' based on Kerberos authentication rules: {e.Message}");
                }
            }
        }
        catch (SaslException e)
        {
            throw new ConfigException($"Listener {own.ListenerName}: {e.Message}");
        }
    }
}
