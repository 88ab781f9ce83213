using System.Net;
using Barnabas.Configuration;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>Which settings of its clients a connector may change: <c>connector.client.config.override.policy</c>.</summary>
public sealed class ClientOverrideTests
{
    private const string Package = "org.apache.kafka.connect.connector.policy.";

    [Theory]
    [InlineData("All", "linger.ms", true)]
    [InlineData("None", "linger.ms", false)]
    [InlineData(Package + "NoneConnectorClientConfigOverridePolicy", "security.protocol", false)]
    [InlineData("Principal", "security.protocol", true)]
    [InlineData("Principal", "linger.ms", false)]
    [InlineData("Allowlist", "linger.ms", true)]
    [InlineData("Allowlist", "batch.size", false)]
    public async Task A_connector_is_refused_for_a_setting_that_the_policy_does_not_allow(string policy, string setting, bool isAllowed)
    {
        await using var worker = await StartAsync(policy);
        var value = setting == "security.protocol" ? "PLAINTEXT" : "5";
        var config = $$"""{"connector.class":"FileStreamSource","file":"none","topic":"t","name":"c","producer.override.{{setting}}":"{{value}}"}""";

        var (_, validated) = await worker.SendAsync(HttpMethod.Put, "/connector-plugins/FileStreamSource/config/validate", config);
        var (status, answer) = await worker.SendAsync(HttpMethod.Put, "/connectors/c/config", config);

        var entry = validated!["configs"]!.AsArray().Single(entry => (string?)entry!["value"]!["name"] == "producer.override." + setting)!;
        Assert.Equal(value, (string?)entry["value"]!["value"]);
        if (isAllowed)
        {
            Assert.Empty(entry["value"]!["errors"]!.AsArray());
            Assert.Equal(HttpStatusCode.Created, status);
        }
        else
        {
            var reason = $"The '{policy.Replace(Package, "", StringComparison.Ordinal).Replace("ConnectorClientConfigOverridePolicy", "", StringComparison.Ordinal)}' policy does not allow '{setting}' to be overridden in the connector configuration.";
            Assert.Equal(reason, (string?)Assert.Single(entry["value"]!["errors"]!.AsArray()));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(reason, (string?)answer!["message"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_the_client_would_not_take_is_refused_before_a_task_fails_with_it()
    {
        await using var worker = await StartAsync("All");
        var (status, answer) = await worker.SendAsync(HttpMethod.Put, "/connectors/c/config", """{"connector.class":"FileStreamSource","file":"none","topic":"t","producer.override.linger.ms":"soon"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("Invalid value soon for configuration linger.ms", (string?)answer!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_ends_the_start()
    {
        var error = await Assert.ThrowsAsync<ConfigException>(() => StartAsync("com.example.Mine"));
        Assert.Contains("All, Allowlist, None, Principal", error.Message, StringComparison.Ordinal);
    }

    private static Task<TestWorker> StartAsync(string policy) => TestWorker.StartAsync(isDistributed: false, new Dictionary<string, string>
    {
        ["connector.client.config.override.policy"] = policy,
        ["connector.client.config.override.allowlist"] = "linger.ms,acks",
    });
}
