using System.Globalization;
using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Transforms;
using Barnabas.Protocol;

namespace Barnabas.Connect.Worker;

/// <summary>
/// Creates the topics of a source connector that are missing, as <c>topic.creation.*</c> asks (KIP-158): the first
/// group whose patterns include the name, then the default group. Without a default group the cluster decides.
/// </summary>
public sealed class TopicCreation(IReadOnlyDictionary<string, string> connector, bool isEnabled, AdminClientOptions options, ClientEnvironment environment)
{
    private const string Prefix = "topic.creation.";

    private readonly bool _isConfigured = isEnabled && connector.ContainsKey(Prefix + "default.replication.factor");

    /// <summary>Creates the topic where it is missing and the connector has settings for it.</summary>
    /// <exception cref="ConnectException">It cannot be created.</exception>
    public async Task EnsureAsync(string topic, CancellationToken cancellationToken)
    {
        if (!_isConfigured) return;
        await using var admin = new AdminClient(options, environment);
        var outcome = (await admin.CreateTopicsAsync([Settings(topic)], cancellationToken: cancellationToken))[topic];
        if (!outcome.IsSuccess && outcome.Error!.ErrorCode is not (ErrorCode.TopicAlreadyExists or ErrorCode.TopicAuthorizationFailed))
            throw new ConnectException($"Task failed to create new topic {topic}. Ensure that the task is authorized to create topics or that the topic exists and restart the task: {outcome.Error.Message}", outcome.Error);
    }

    private NewTopic Settings(string topic)
    {
        var group = ConfigValue.SplitList(connector.GetValueOrDefault(Prefix + "groups", "")).FirstOrDefault(name => Includes(name, topic));
        var settings = TransformationChain.Below(connector, Prefix + "default.");
        if (group is not null)
            foreach (var (name, value) in TransformationChain.Below(connector, $"{Prefix}{group}.")) settings[name] = value;
        return new NewTopic
        {
            Name = topic,
            ReplicationFactor = short.Parse(settings.GetValueOrDefault("replication.factor", "-1"), CultureInfo.InvariantCulture),
            PartitionCount = int.Parse(settings.GetValueOrDefault("partitions", "-1"), CultureInfo.InvariantCulture),
            Configs = settings.Where(pair => pair.Key is not ("replication.factor" or "partitions" or "include" or "exclude")).ToDictionary(pair => pair.Key, pair => (string?)pair.Value),
        };
    }

    private bool Includes(string group, string topic) =>
        Matches($"{Prefix}{group}.include", topic) && !Matches($"{Prefix}{group}.exclude", topic);

    private bool Matches(string key, string topic) =>
        ConfigValue.SplitList(connector.GetValueOrDefault(key, "")).Any(pattern => JavaPatternValidator.Whole(pattern).IsMatch(topic));
}
