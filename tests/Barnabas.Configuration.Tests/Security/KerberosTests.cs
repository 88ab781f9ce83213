using Barnabas.Configuration.Security;

namespace Barnabas.Configuration.Tests.Security;

public sealed class KerberosTests
{
    /// <summary>What Apache Kafka 4.3.1's KerberosShortNamer answers, with R.COM as the default realm.</summary>
    [Theory]
    [InlineData("DEFAULT", "alice@R.COM", "alice")]
    [InlineData("DEFAULT", "kafka/h.x@R.COM", "kafka")]
    [InlineData("", "alice@R.COM", "alice")]
    [InlineData("DEFAULT", "plain", "plain")]
    [InlineData(@"RULE:[1:$1@$0](.*@OTHER)s/@.*//|DEFAULT", "alice@OTHER", "alice")]
    [InlineData(@"RULE:[1:$1@$0](.*@OTHER)s/@.*//|DEFAULT", "bob@R.COM", "bob")]
    [InlineData(@"RULE:[2:$1](kafka)s/^.*$/broker/", "kafka/h@R.COM", "broker")]
    [InlineData(@"RULE:[1:$1](App\..*)s/App\.(.*)/$1/g|RULE:[1:$1]/L", "App.service@R.COM", "service")]
    [InlineData("RULE:[1:$1]/L", "ALICE@R.COM", "alice")]
    [InlineData("RULE:[1:$1]/U", "alice@R.COM", "ALICE")]
    [InlineData("RULE:[2:$1-$2]", "svc/host@R.COM", "svc-host")]
    [InlineData("RULE:[1:$1]s/a/o/", "banana@R.COM", "bonana")]
    [InlineData("RULE:[1:$1]s/a/o/g", "banana@R.COM", "bonono")]
    [InlineData("RULE:[1:$1]s/(.*)/x-$1/", "alice@R.COM", "x-alice")]
    [InlineData("RULE:[1:$1](al.*)s/l/L/g/L", "alice@R.COM", "alice")]
    public void A_principal_becomes_a_user_by_the_first_rule_that_speaks_of_it(string rules, string principal, string user) =>
        Assert.Equal(user, Namer(rules).ShortName(principal));

    [Theory]
    [InlineData("DEFAULT", "alice@OTHER", "No rules apply to alice@OTHER, rules [DEFAULT]")]
    [InlineData("RULE:[1:$1@$0]", "alice@R.COM", "Non-simple name alice@R.COM after auth_to_local rule RULE:[1:$1@$0]")]
    [InlineData("RULE:[1:$3]", "alice@R.COM", "index 3 from $3 is outside of the valid range 0 to 1")]
    [InlineData("DEFAULT", "a@b@c", "Malformed Kerberos name: a@b@c")]
    [InlineData("RULE:[2:$1](a)", "alice@R.COM", "No rules apply to alice@R.COM, rules [RULE:[2:$1](a)]")]
    [InlineData("RULE:[1:$1](^(a+)+$)", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab@R.COM", null)]
    public void A_principal_that_no_rule_names_has_no_user(string rules, string principal, string? message)
    {
        var error = Assert.Throws<ConfigException>(() => Namer(rules).ShortName(principal));
        if (message is not null)
            Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("RULE:[1:$1]x", "Invalid rule: `RULE:[1:$1]x`, unmatched substring: `x`")]
    [InlineData("NONE", "Invalid rule: NONE")]
    public void A_malformed_rule_is_refused(string rules, string message) => Assert.Equal(message, Assert.Throws<ConfigException>(() => Namer(rules)).Message);

    [Fact]
    public void The_service_has_one_name()
    {
        var entry = JaasConfig.ParseSingle("k", "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab=\"FILE:/k\" principal=\"kafka/h@R\" serviceName=kafka;");
        Assert.Equal(new KerberosLogin("kafka", "kafka/h@R", true, "/k", false, null), KerberosLogin.Of(entry, null));
        Assert.Equal("Conflicting serviceName values found in JAAS and Kafka configs value in JAAS file kafka, value in Kafka config other", Assert.Throws<ConfigException>(() => KerberosLogin.Of(entry, "other")).Message);
        Assert.Equal("No serviceName defined in either JAAS or Kafka config", Assert.Throws<ConfigException>(() => KerberosLogin.Of(new("m", new Dictionary<string, string>()), null)).Message);
    }

    private static KerberosShortNamer Namer(string rules) => new("R.COM", rules.Split('|', StringSplitOptions.RemoveEmptyEntries));
}
