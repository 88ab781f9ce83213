using Barnabas.Configuration.Security;

namespace Barnabas.Configuration.Tests.Security;

public sealed class JaasConfigTests
{
    [Fact]
    public void One_module_is_read_with_its_options()
    {
        var entry = JaasConfig.ParseSingle("k", """org.apache.kafka.common.security.plain.PlainLoginModule required username="al\"ice" password='x;y' debug=true ;""");
        Assert.Equal("org.apache.kafka.common.security.plain.PlainLoginModule", entry.Module);
        Assert.Equal(("al\"ice", "x;y", "true", null), (entry["username"], entry["password"], entry["debug"], entry["none"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Module")]
    [InlineData("Module required")]
    [InlineData("Module required password=\"top-secret;")]
    [InlineData("Module must password=\"top-secret\";")]
    [InlineData("Module required password \"top-secret\";")]
    [InlineData("A required; B required password=\"top-secret\";")]
    public void Malformed_texts_are_refused_without_showing_a_password(string text) =>
        Assert.DoesNotContain("top-secret", Assert.Throws<ConfigException>(() => JaasConfig.ParseSingle("k", text)).Message);

    [Fact]
    public void A_login_file_is_read_by_context_and_given_to_the_listeners_that_lack_one()
    {
        var contexts = JaasConfig.ParseFile("f", """
            // users
            KafkaServer {
                org.apache.kafka.common.security.plain.PlainLoginModule required user_a="1";  # comment
                /* more */ org.apache.kafka.common.security.scram.ScramLoginModule required;
            };
            external.KafkaServer { org.apache.kafka.common.security.plain.PlainLoginModule required user_b="2"; };
            """);
        var properties = new Dictionary<string, string> { ["listener.name.mine.plain.sasl.jaas.config"] = "kept" };
        LoginModules.Apply(properties, [("INTERNAL", "PLAIN"), ("INTERNAL", "SCRAM-SHA-256"), ("EXTERNAL", "PLAIN"), ("MINE", "PLAIN"), ("INTERNAL", "GSSAPI")], contexts);
        Assert.Equal("kept", properties["listener.name.mine.plain.sasl.jaas.config"]);
        Assert.Equal("1", JaasConfig.ParseSingle("k", properties["listener.name.internal.plain.sasl.jaas.config"])["user_a"]);
        Assert.Equal("2", JaasConfig.ParseSingle("k", properties["listener.name.external.plain.sasl.jaas.config"])["user_b"]);
        Assert.Equal(4, properties.Count);
    }

    [Theory]
    [InlineData("-Xmx1G -Djava.security.auth.login.config=/etc/jaas.conf", "/etc/jaas.conf")]
    [InlineData("-Xmx1G", null)]
    [InlineData(null, null)]
    public void The_login_file_is_found_in_the_options_of_a_JVM(string? options, string? file) => Assert.Equal(file, LoginModules.FileOf(options));

    [Theory]
    [InlineData("DEFAULT", "CN=kafka,OU=x", "CN=kafka,OU=x")]
    [InlineData("", "CN=kafka", "CN=kafka")]
    [InlineData("RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/", "CN=kafka,OU=ServiceUsers,O=x", "kafka")]
    [InlineData("RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/,RULE:^CN=(.*?),OU=(.*?),O=(.*?)$/$1@$2/L,DEFAULT", "CN=Adam,OU=Admin,O=x", "adam@admin")]
    [InlineData("RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/U,DEFAULT", "cn=adam,OU=Admin", "ADAM")]
    [InlineData("RULE:^cn=none$/x/, DEFAULT", "CN=other", "CN=other")]
    public void Names_of_certificates_are_mapped_by_rules(string rules, string name, string user) => Assert.Equal(user, new SslPrincipalMapper(rules).Map(name));

    [Theory]
    [InlineData("RULE:")]
    [InlineData("DEFAUL")]
    [InlineData("RULE:a/b")]
    public void Malformed_rules_are_refused(string rules) => Assert.Throws<ConfigException>(() => new SslPrincipalMapper(rules));

    [Fact]
    public void A_name_that_no_rule_matches_is_refused() => Assert.Throws<ConfigException>(() => new SslPrincipalMapper("RULE:^CN=a$/a/").Map("CN=b"));
}
