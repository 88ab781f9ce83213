using System.Text;
using System.Text.RegularExpressions;
using Barnabas.Connect.Config;
using Barnabas.Connect.File;
using Barnabas.Connect.Http;
using Barnabas.Connect.Jdbc;
using Barnabas.Connect.Mqtt;
using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.Tests;

/// <summary>The tables of keys in docs/connect.md are what the connectors define.</summary>
public sealed partial class DocumentationTests
{
    private static readonly PluginCatalog Plugins = new(() => FilePlugins.All, () => HttpPlugins.All, () => JdbcPlugins.All, () => MqttPlugins.All);

    [Fact]
    public void The_tables_of_keys_are_written_from_the_definitions()
    {
        var path = Path.Combine(Root(), "docs", "connect.md");
        var text = System.IO.File.ReadAllText(path);
        var seen = new HashSet<string>();
        var written = Section().Replace(text, match =>
        {
            seen.Add(match.Groups["name"].Value);
            return $"<!-- keys: {match.Groups["name"].Value} -->\n{Table(match.Groups["name"].Value)}<!-- end -->";
        });
        Assert.Empty(Plugins.Connectors.Select(plugin => plugin.ClassName).Except(seen));
        if (Environment.GetEnvironmentVariable("BARNABAS_UPDATE") == "1") System.IO.File.WriteAllText(path, written);
        else Assert.True(written == text, "docs/connect.md's tables of keys are old: run this test with BARNABAS_UPDATE=1");
    }

    // What users of the established connectors have in their configurations, with the defaults they count on.
    [Theory]
    [InlineData("every source", "name connector.class tasks.max=1 key.converter value.converter header.converter transforms predicates errors.tolerance=none errors.retry.timeout=0 errors.retry.delay.max.ms=60000 errors.log.enable=false errors.log.include.messages=false exactly.once.support=requested transaction.boundary=poll transaction.boundary.interval.ms offsets.storage.topic config.action.reload=restart")]
    [InlineData("every sink", "name connector.class tasks.max=1 topics topics.regex key.converter value.converter header.converter transforms predicates errors.tolerance=none errors.retry.timeout=0 errors.retry.delay.max.ms=60000 errors.log.enable=false errors.log.include.messages=false errors.deadletterqueue.topic.name errors.deadletterqueue.topic.replication.factor=3 errors.deadletterqueue.context.headers.enable=false")]
    [InlineData("io.confluent.connect.jdbc.JdbcSourceConnector", "connection.url connection.user connection.password connection.attempts=3 connection.backoff.ms=10000 dialect.name mode incrementing.column.name timestamp.column.name timestamp.initial timestamp.delay.interval.ms=0 timestamp.granularity=connect_logical table.whitelist table.blacklist table.include.list table.exclude.list table.types=TABLE table.poll.interval.ms=60000 schema.pattern catalog.pattern query query.suffix quote.sql.identifiers=ALWAYS validate.non.null=true topic.prefix poll.interval.ms=5000 batch.max.rows=1000 numeric.mapping db.timezone=UTC transaction.isolation.mode")]
    [InlineData("io.confluent.connect.jdbc.JdbcSinkConnector", "connection.url connection.user connection.password connection.attempts=3 connection.backoff.ms=10000 dialect.name insert.mode=insert batch.size=3000 delete.enabled=false table.name.format=${topic} pk.mode=none pk.fields fields.whitelist auto.create=false auto.evolve=false quote.sql.identifiers=ALWAYS max.retries=10 retry.backoff.ms=3000 db.timezone=UTC replace.null.with.default=true")]
    [InlineData("io.confluent.connect.mqtt.MqttSourceConnector", "mqtt.server.uri mqtt.topics mqtt.username mqtt.password mqtt.qos mqtt.clean.session.enabled=true mqtt.connect.timeout.seconds=30 mqtt.keepalive.interval.seconds=60 kafka.topic")]
    [InlineData("io.confluent.connect.mqtt.MqttSinkConnector", "mqtt.server.uri mqtt.username mqtt.password mqtt.qos mqtt.clean.session.enabled=true mqtt.connect.timeout.seconds=30 mqtt.keepalive.interval.seconds=60")]
    public void Keys_and_defaults_that_users_know_are_defined(string name, string known)
    {
        var definition = DefinitionOf(name);
        var wrong = known.Split(' ').Select(key => key.Split('=', 2)).Where(key =>
            definition.Find(key[0]) is not { } defined || (key.Length == 2 && !string.Equals(defined.Default, key[1], StringComparison.Ordinal))).Select(key => key[0]);
        Assert.Empty(wrong);
    }

    private static ConfigDef DefinitionOf(string name) => name switch
    {
        "every source" => ConnectorKeys.Source,
        "every sink" => ConnectorKeys.Sink,
        _ => Plugins.FindConnector(name)!.Create().Config,
    };

    private static string Table(string name)
    {
        var definition = DefinitionOf(name);
        var heading = name.StartsWith("every", StringComparison.Ordinal) ? name : name[(name.LastIndexOf('.') + 1)..];
        var table = new StringBuilder($"| {heading} | default | |\n|---|---|---|\n");
        foreach (var key in definition.Keys)
        {
            var standard = key.IsRequired ? "(required)" : string.IsNullOrEmpty(key.Default) ? "" : $"`{key.Default}`";
            table.Append($"| `{key.Name}` | {standard} | {Escape(key.Documentation)} |\n");
        }

        return table.ToString();
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "Barnabas.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not stand in the repository.");
        return folder;
    }

    [GeneratedRegex(@"<!-- keys: (?<name>[^>]+?) -->\n.*?<!-- end -->", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Section();
}
